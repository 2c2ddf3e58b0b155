#include "runtime/command_line.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "interpreter/values/number_text.hpp"

namespace duso {

namespace {

using namespace std::string_view_literals;

// Commands that may be written with dashes in front, and those whose dash form would be a flag.
constexpr std::array kCommandsOrFlags = {"debug"sv,  "repl"sv,    "eval"sv,    "init"sv, "doc"sv,
                                         "webdoc"sv, "read"sv,    "lint"sv,    "lsp"sv,  "extract"sv,
                                         "syntax"sv, "install"sv, "version"sv, "help"sv, "primer"sv};
constexpr std::array kCommands = {"bundle"sv, "check"sv, "completions"sv, "dev"sv,
                                  "fmt"sv,    "run"sv,   "test"sv,        "types"sv};

// The flags of duso itself (cli.md 3).
enum class Takes : unsigned char { kNothing, kWord, kWordAfterScript };
struct OwnFlag {
  std::string_view name;
  Takes takes;
  bool before_script_only = false;  // behind the script's name it is the script's
};
constexpr OwnFlag kOwnFlags[] = {
    {"config", Takes::kWord},
    {"lib-path", Takes::kWord},
    {"no-color", Takes::kNothing},
    {"no-stdin", Takes::kNothing},
    {"no-files", Takes::kNothing},
    {"stdin-port", Takes::kWord},
    {"ignore-warnings", Takes::kNothing},
    {"allow-exec", Takes::kWord},
    {"tcp", Takes::kWord},
    {"port", Takes::kWord},
    {"debug", Takes::kWordAfterScript},
    {"max-heap", Takes::kWord},
    {"max-process-heap", Takes::kWord},
    {"gc-threshold", Takes::kWord},
    {"stack-size", Takes::kWord},
    {"task-stack-size", Takes::kWord},
    {"max-call-depth", Takes::kWord},
    {"panic-history", Takes::kWord},
    {"panic-policy", Takes::kWord},
    {"crash-dir", Takes::kWord},
    {"worker-threads", Takes::kWord},
    {"no-gc", Takes::kNothing},
    {"no-panic-handler", Takes::kNothing},
    {"profile-memory", Takes::kWordAfterScript},
    {"profile-memory-rate", Takes::kWord},
    {"runtime-stats", Takes::kNothing},
    {"test-faults", Takes::kNothing},
    {"time-slice", Takes::kWord},
    {"task-warn", Takes::kWord},
    {"test-yield-all", Takes::kNothing},
    {"plugin-path", Takes::kWord},
    {"node-path", Takes::kWord},
    {"no-plugins", Takes::kNothing},
    {"log-format", Takes::kWord},
    {"log-level", Takes::kWord},
    {"json-errors", Takes::kNothing},
    {"time", Takes::kNothing, true},
    {"watch", Takes::kNothing, true},
    {"e", Takes::kWord, true},
    {"p", Takes::kWord, true},
};

// Flags whose value is text even when it looks like a number.
constexpr std::array kTextFlags = {"lib-path"sv, "stdin-port"sv, "tcp"sv, "config"sv};

// The duso flag called [name], or null when it is none at this place.
const OwnFlag* own_flag(std::string_view name, bool before_script) {
  const auto* found = std::find_if(std::begin(kOwnFlags), std::end(kOwnFlags),
                                   [name](const OwnFlag& flag) { return flag.name == name; });
  if (found == std::end(kOwnFlags) || (found->before_script_only && !before_script)) return nullptr;
  return found;
}

std::string_view without_dashes(std::string_view argument) {
  const std::size_t start = argument.find_first_not_of('-');
  return start == std::string_view::npos ? std::string_view() : argument.substr(start);
}

std::string_view flag_name(std::string_view argument) {
  const std::string_view bare = without_dashes(argument);
  return bare.substr(0, bare.find('='));
}

bool looks_like_flag(std::string_view argument) { return argument.starts_with('-'); }

bool is_command(std::string_view argument) {
  return std::ranges::find(kCommandsOrFlags, without_dashes(argument)) != kCommandsOrFlags.end() ||
         std::ranges::find(kCommands, argument) != kCommands.end();
}

}  // namespace

std::optional<double> CommandLine::Flag::number() const {
  if (!text || std::ranges::find(kTextFlags, name) != kTextFlags.end()) return std::nullopt;
  return parse_entire_number(*text);
}

CommandLine::CommandLine(std::span<const char* const> arguments) {
  arguments_.assign(arguments.begin(), arguments.end());
  if (!arguments_.empty() && is_command(arguments_.front())) {
    command_ = without_dashes(arguments_.front());
    arguments_.erase(arguments_.begin());
  }
  read_flags(read_words(read_leading_flags()));
}

const CommandLine::Flag* CommandLine::flag(std::string_view name) const {
  const auto found = std::ranges::find(flags_.rbegin(), flags_.rend(), name, &Flag::name);
  return found != flags_.rend() ? &*found : nullptr;
}

// Reads the flags of duso in front of the script. Returns the place of the first argument that is none.
std::size_t CommandLine::read_leading_flags() {
  std::size_t at = 0;
  while (at < arguments_.size() && looks_like_flag(arguments_[at]) && own_flag(flag_name(arguments_[at]), true)) {
    at = read_flag(at, true);
  }
  return at;
}

// Reads the words up to the first flag. Returns its place.
std::size_t CommandLine::read_words(std::size_t at) {
  // In the place of the script a lone dash is a file name: standard input.
  if (at < arguments_.size() && arguments_[at] == "-") words_.push_back(arguments_[at++]);
  while (at < arguments_.size() && !looks_like_flag(arguments_[at])) words_.push_back(arguments_[at++]);
  return at;
}

void CommandLine::read_flags(std::size_t at) {
  while (at < arguments_.size() && arguments_[at] != "--") {
    // A word behind a flag that takes none belongs to nobody.
    at = looks_like_flag(arguments_[at]) ? read_flag(at, false) : at + 1;
  }
}

// Reads the flag at [at], with the word behind it if that is its value. Returns the place behind both.
std::size_t CommandLine::read_flag(std::size_t at, bool before_script) {
  const std::string_view bare = without_dashes(arguments_[at++]);
  const std::size_t equals = bare.find('=');
  Flag flag{std::string(bare.substr(0, equals)), std::nullopt, before_script};
  if (equals != std::string_view::npos) {
    flag.text = bare.substr(equals + 1);
  } else {
    const OwnFlag* own = own_flag(flag.name, before_script);
    const Takes takes = own != nullptr ? own->takes : Takes::kWord;
    const bool may_take = takes == Takes::kWord || (takes == Takes::kWordAfterScript && !before_script);
    if (may_take && at < arguments_.size() && !looks_like_flag(arguments_[at])) flag.text = arguments_[at++];
  }
  flags_.push_back(std::move(flag));
  return at;
}

}  // namespace duso
