#include "cli/usage.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "runtime/size_text.hpp"

namespace duso::cli {

namespace {

constexpr std::size_t kColumnWidth = 24;

// The help page as duso has it: forms in lines of their own, commands before flags, and one dash before a flag.
class PageLayout final : public CLI::Formatter {
 public:
  explicit PageLayout(std::string forms) : forms_(std::move(forms)) { column_width(kColumnWidth); }

  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode mode) const override {
    std::string page = app->get_description() + "\n\nUsage:\n" + forms_ + make_subcommands(app, mode);
    for (const std::string& group : app->get_groups()) {
      const auto options = app->get_options([&](const CLI::Option* option) { return option->get_group() == group; });
      if (!options.empty()) page += make_group(group, false, options);
    }
    return page;
  }

  // A command as it is typed.
  std::string make_subcommand(const CLI::App* command) const override {
    std::ostringstream line;
    CLI::detail::format_help(line, "duso " + command->get_name(), command->get_description(), column_width_);
    return line.str();
  }

  std::string make_option_name(const CLI::Option* option, bool) const override {
    return "-" + option->get_lnames().front();
  }

 private:
  std::string forms_;
};

// Steps of CLI11: they return the complaint about a value. The first also changes it to what CLI11 reads as a number.

std::string convert_size(std::string& text) {
  const std::optional<std::size_t> bytes = parse_size(text);
  if (!bytes) return "bad size \"" + text + '"';
  text = std::to_string(*bytes);
  return {};
}

std::string check_count(const std::string& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc() && rest == end && count >= least && count <= most) return {};
  return "bad number \"" + text + "\": expected a whole number from " + std::to_string(least) +
         (most != SIZE_MAX ? " to " + std::to_string(most) : "");
}

std::string check_choice(const std::string& text, const std::vector<std::string>& choices) {
  std::string expected;
  for (const std::string& choice : choices) {
    if (text == choice) return {};
    expected += (expected.empty() ? "" : " or ") + choice;
  }
  return "bad value \"" + text + "\": expected " + expected;
}

}  // namespace

struct Usage::Parser : CLI::App {
  using CLI::App::App;
};

Usage::Usage(std::string forms, std::string details) : parser_(std::make_unique<Parser>(std::move(details))) {
  parser_->set_help_flag();  // help is a command
  parser_->formatter(std::make_shared<PageLayout>(std::move(forms)));
}

Usage::~Usage() = default;

void Usage::add_command(const std::string& name, const std::string& summary) {
  parser_->add_subcommand(name, summary)->group("Commands");
}

void Usage::add_size(const std::string& name, std::size_t& bytes, const std::string& summary) {
  CLI::Option* option = parser_->add_option("--" + name, bytes, summary);
  option->group(group_)->option_text("SIZE")->transform(CLI::Validator(convert_size, ""));
  flags_.push_back({name, "SIZE", summary, {}});
}

void Usage::add_count(const std::string& name, std::size_t& count, std::size_t least, const std::string& summary,
                      std::size_t most) {
  CLI::Option* option = parser_->add_option("--" + name, count, summary);
  option->group(group_)->option_text("N")->check(
      [least, most](const std::string& text) { return check_count(text, least, most); });
  flags_.push_back({name, "N", summary, {}});
}

void Usage::add_text(const std::string& name, std::string& text, const std::string& value_name,
                     const std::string& summary) {
  CLI::Option* option = parser_->add_option("--" + name, text, summary);
  option->group(group_)->option_text(value_name)->check([](const std::string& given) {
    return given.empty() ? std::string("bad value \"\": expected a text") : "";
  });
  flags_.push_back({name, value_name, summary, {}});
}

void Usage::add_switch(const std::string& name, bool& variable, bool value, const std::string& summary) {
  CLI::Option* option = parser_->add_flag_callback(
      "--" + name, [&variable, value] { variable = value; }, summary);
  option->group(group_);
  flags_.push_back({name, "", summary, {}});
}

void Usage::add_choice(const std::string& name, std::string& choice, const std::vector<std::string>& choices,
                       const std::string& value_name, const std::string& summary) {
  CLI::Option* option = parser_->add_option("--" + name, choice, summary);
  option->group(group_)->option_text(value_name)->check([choices](const std::string& text) {
    return check_choice(text, choices);
  });
  flags_.push_back({name, value_name, summary, choices});
}

void Usage::add_mention(const std::string& name, const std::string& value_name, const std::string& summary) {
  // Whoever finds it reads it, too: here it is only known whether it takes a word.
  CLI::Option* option = value_name.empty() ? parser_->add_flag("--" + name, summary)
                                           : parser_->add_option("--" + name, CLI::callback_t(), summary);
  option->group(group_);
  if (!value_name.empty()) option->option_text(value_name);
  flags_.push_back({name, value_name, summary, {}});
}

std::optional<std::string> Usage::read(const CommandLine& line) {
  try {
    for (CLI::Option* option : parser_->get_options()) {
      const CommandLine::Flag* flag = line.flag(option->get_lnames().front());
      if (flag == nullptr) continue;
      option->add_result(option->get_expected_max() > 0 ? flag->text.value_or("") : "true");
      option->run_callback();
    }
  } catch (const CLI::ParseError& error) {
    const std::string complaint = error.what();  // "--NAME: ..."
    return complaint.substr(complaint.find_first_not_of('-'));
  }
  return std::nullopt;
}

const DeclaredFlag* Usage::flag(std::string_view name) const {
  const auto found = std::ranges::find(flags_, name, &DeclaredFlag::name);
  return found != flags_.end() ? &*found : nullptr;
}

std::string Usage::page() const { return parser_->help(); }

}  // namespace duso::cli
