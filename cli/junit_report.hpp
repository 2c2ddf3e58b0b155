// Results of tests as JUnit XML, the form that build servers read: a suite a file, a case a test.
//
// There is no standard but what the readers have in common: counts and times as attributes, `failure` with message and
// text, `skipped`, `system-out`.
#pragma once

#include <string>
#include <vector>

#include "cli/test_report.hpp"

namespace duso::cli {

// The document about [files], which took [seconds] together.
std::string junit_xml(const std::vector<TestedFile>& files, double seconds);

}  // namespace duso::cli
