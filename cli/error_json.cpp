#include "cli/error_json.hpp"

#include "cli/json_line.hpp"

namespace duso::cli {

std::vector<std::string> stack_json(std::span<const execution::ActiveCall> stack) {
  std::vector<std::string> calls;
  for (const execution::ActiveCall& call : stack) {
    calls.push_back(JsonLine()
                        .add("name", call.function)
                        .add("file", call.file)
                        .add("line", call.call_site.line)
                        .add("column", call.call_site.column)
                        .text());
  }
  return calls;
}

std::string uncaught_json(const UncaughtError& error, ReportStyle) {
  JsonLine line;
  if (error.source != nullptr) {
    line.add("file", error.source->name()).add("line", error.position.line).add("column", error.position.column);
  } else {
    line.add_null("file").add_null("line").add_null("column");
  }
  return line.add("message", error.message).add_array("stack", stack_json(error.stack)).finish();
}

}  // namespace duso::cli
