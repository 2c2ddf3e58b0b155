#include "stdlib/builtins/files_call.hpp"

#include <algorithm>

#include "interpreter/execution/calls.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/files/path_text.hpp"
#include "runtime/host.hpp"

namespace duso::stdlib {

using execution::ArgumentCode;
using execution::Call;
using execution::Frame;

Files& files_of(const Call& call) { return call.host().files(); }

std::string here_directory(const Call& call) {
  for (const Frame* frame = &call.caller(); frame != nullptr; frame = frame->caller) {
    if (frame->code != nullptr && frame->code->source->is_file()) {
      return paths::directory_of(frame->code->source->name());
    }
  }
  return working_directory();
}

Location locate(const Call& call, std::string_view path) {
  const bool needs_here = path.starts_with(kHerePrefix);
  return files_of(call).locate(path, needs_here ? here_directory(call) : std::string());
}

Location locate_pattern(const Call& call, std::string_view pattern) {
  const bool needs_here = pattern.starts_with(kHerePrefix);
  return files_of(call).locate_pattern(pattern, needs_here ? here_directory(call) : std::string());
}

bool given_by_name(const Call& call, std::size_t index) {
  if (call.site() == nullptr) return false;
  const std::string_view name = call.spec().parameters.at(index).name;
  return std::ranges::any_of(call.site()->arguments, [name](const ArgumentCode& argument) {
    return argument.name != nullptr && argument.name->view() == name;
  });
}

std::optional<std::string> filename_argument(const Call& call, std::size_t index) {
  const Value value = call.argument(index);
  if (value.is_string()) return std::string(value.string()->view());
  if ((value.is_number() || value.is_boolean()) && given_by_name(call, index)) return display_text(value);
  return std::nullopt;
}

Content::Content(Value value) {
  if (value.is_string()) {
    bytes_ = value.string()->view();
  } else if (value.is_number() || value.is_boolean()) {
    append_display(converted_, value);
    bytes_ = converted_;
  } else if (value.is(HeapType::kBinary)) {
    shared_ = as_binary(value)->payload->bytes;
    bytes_ = *shared_;
  } else {
    is_valid_ = false;
  }
}

std::size_t longest_string(const Call& call) {
  const std::size_t limit = call.heap().limit();
  return limit == 0 ? kMaxStringSize : std::min(limit, kMaxStringSize);
}

Value raise_failure(const Call& call, std::string_view what, const FileError& error, bool bare_read_only) {
  switch (error.kind) {
    case FileError::Kind::kSandboxed:
    case FileError::Kind::kPattern:
      return call.raise(error.cause());
    case FileError::Kind::kReadOnly:
      if (bare_read_only) return call.raise(kReadOnlyMessage);
      break;
    default:
      break;
  }
  return call.raise(std::string(what) + ": " + error.cause());
}

std::string quoted(std::string_view verb, std::string_view path) {
  std::string text(verb);
  text += " '";
  text += path;
  text += '\'';
  return text;
}

Value path_array(const Call& call, const std::vector<Location>& places, std::string_view written) {
  const std::string& app_directory = files_of(call).app_directory();
  Owned result(Value(new_array(call.heap(), places.size())));
  for (const Location& place : places) {
    push(result.get().array(), call.string(spelled_for_script(place, is_bare(written), app_directory)));
  }
  return result.take();
}

}  // namespace duso::stdlib
