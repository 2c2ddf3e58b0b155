#include "cli/test_result.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "cli/fields.hpp"

namespace duso::cli {

namespace {

// What a record of the log begins with.
constexpr std::string_view kBegin = "begin";
constexpr std::string_view kResult = "result";
constexpr std::string_view kFinish = "finish";

FieldWriter& add_position(FieldWriter& writer, syntax::Position position) {
  return writer.add(position.line).add(position.column);
}

syntax::Position read_position(FieldReader& fields) {
  const auto line = static_cast<std::uint32_t>(fields.number());
  return {line, static_cast<std::uint32_t>(fields.number())};
}

TestResult read_result(FieldReader& fields, const ScratchFile& output) {
  TestResult result;
  result.name = fields.text();
  result.status = static_cast<TestStatus>(fields.number());
  result.seconds = static_cast<double>(fields.number()) / 1e6;
  result.message = fields.text();
  result.report = fields.text();
  result.file = fields.text();
  result.position = read_position(fields);
  result.stack.resize(fields.number());
  for (execution::ActiveCall& call : result.stack) {
    call.function = fields.text();
    call.file = fields.text();
    call.call_site = read_position(fields);
  }
  result.difference = fields.text();
  const std::size_t begin = fields.number();
  const std::size_t end = fields.number();
  if (result.status == TestStatus::kFailed) result.output = output.read(begin, end);
  return result;
}

}  // namespace

std::string_view status_word(TestStatus status) {
  switch (status) {
    case TestStatus::kPassed:
      return "ok";
    case TestStatus::kSkipped:
      return "skip";
    case TestStatus::kFailed:
      break;
  }
  return "FAIL";
}

ScratchFile::ScratchFile() : file_(std::tmpfile()) {
  if (file_ == nullptr) throw std::system_error(errno, std::generic_category(), "cannot make a temporary file");
  fcntl(descriptor(), F_SETFD, FD_CLOEXEC);  // it is of no concern to programs that tests start
}

int ScratchFile::descriptor() const { return fileno(file_.get()); }

std::size_t ScratchFile::size() const {
  struct stat status = {};
  fstat(descriptor(), &status);
  return static_cast<std::size_t>(status.st_size);
}

void ScratchFile::append(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size() && std::fflush(file_.get()) == 0) return;
  throw std::system_error(errno, std::generic_category(), "cannot write to a temporary file");
}

std::string ScratchFile::read(std::size_t begin, std::size_t end) const {
  std::string bytes(end - begin, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count =
        ::pread(descriptor(), bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(begin + filled));
    if (count == 0) break;
    if (count > 0) {
      filled += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "cannot read a temporary file");
    }
  }
  bytes.resize(filled);
  return bytes;
}

void TestLog::begin(std::string_view name) {
  output_begin_ = output_.size();
  log_.append(FieldWriter().add(kBegin).add(name).add(output_begin_).fields());
}

void TestLog::add(const TestResult& result) {
  FieldWriter writer;
  writer.add(kResult).add(result.name).add(static_cast<std::uint64_t>(result.status));
  writer.add(static_cast<std::uint64_t>(result.seconds * 1e6)).add(result.message).add(result.report);
  add_position(writer.add(result.file), result.position).add(result.stack.size());
  for (const execution::ActiveCall& call : result.stack) {
    add_position(writer.add(call.function).add(call.file), call.call_site);
  }
  writer.add(result.difference).add(result.name.empty() ? 0 : output_begin_).add(output_.size());
  log_.append(writer.fields());
}

void TestLog::finish() { log_.append(FieldWriter().add(kFinish).fields()); }

std::vector<TestResult> read_results(const ScratchFile& log, const ScratchFile& output, const std::string& cause) {
  const std::string text = log.read(0, log.size());
  FieldReader fields(text);
  std::vector<TestResult> results;
  std::string running;
  std::size_t output_begin = 0;
  while (const std::optional<std::string_view> kind = fields.next()) {
    if (*kind == kBegin) {
      running = fields.text();
      output_begin = fields.number();
    } else if (*kind == kResult) {
      results.push_back(read_result(fields, output));
      running.clear();
      output_begin = 0;
    } else {
      return results;
    }
  }
  TestResult lost{.name = running, .status = TestStatus::kFailed, .message = cause, .report = cause + '\n'};
  lost.output = output.read(output_begin, output.size());
  results.push_back(std::move(lost));
  return results;
}

}  // namespace duso::cli
