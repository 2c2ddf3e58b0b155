// Markdown for terminals: markdown_ansi, markdown_text.
//
// Reading and laying out is the runtime's; here the options become a dialect and a style.
#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/object.hpp"
#include "runtime/markdown/parser.hpp"
#include "runtime/markdown/terminal.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Parameter;
using execution::Type;
using markdown::Dialect;
using markdown::TerminalStyle;

namespace {

// The options of a call. Keys without meaning, and values of another type than asked for, count as not given.
class Options {
 public:
  explicit Options(const Call& call) : call_(call), value_(call.argument(1)) {}

  void read(const char* key, bool& option) const {
    const Value* value = find(key);
    if (value != nullptr && value->is_boolean()) option = value->is_true();
  }
  void read(const char* key, std::string& option) const {
    const Value* value = find(key);
    if (value != nullptr && value->is_string()) option = value->string()->view();
  }

 private:
  const Value* find(const char* key) const {
    if (!value_.is_object()) return nullptr;
    return find_property(value_.object(), call_.instance().engine().names().intern(key));
  }

  const Call& call_;
  Value value_;
};

Dialect dialect_of(const Options& options) {
  Dialect dialect;
  options.read("tables", dialect.tables);
  options.read("strikethrough", dialect.strikethrough);
  options.read("highlight", dialect.highlight);
  options.read("tasklists", dialect.tasklists);
  return dialect;
}

TerminalStyle style_of(const Options& options) {
  TerminalStyle style = markdown::ansi_style();
  const std::array<std::pair<const char*, std::string&>, 16> kinds = {{
      {"h1", style.headings[0]},
      {"h2", style.headings[1]},
      {"h3", style.headings[2]},
      {"h4", style.headings[3]},
      {"h5", style.headings[4]},
      {"h6", style.headings[5]},
      {"code_start", style.code_block},
      {"code_inline", style.code},
      {"blockquote", style.quote},
      {"hr", style.rule},
      {"bold", style.bold},
      {"italic", style.italic},
      {"strike", style.strikethrough},
      {"highlight", style.highlight},  // a boolean of that name is the switch of the dialect
      {"link", style.link},
      {"reset", style.reset},
  }};
  for (const auto& [key, text] : kinds) options.read(key, text);
  return style;
}

// Rendering recurses as deep as blocks are nested, which is limited (parser.hpp). Instrumented frames are several times
// as large.
constexpr std::size_t kRenderStack =
    std::size_t{DUSO_ADDRESS_SANITIZER != 0 || DUSO_THREAD_SANITIZER != 0 ? 4096 : 512} * 1024;

Value render(Call& call, const Options& options, const TerminalStyle& style) {
  const String* text = required_string(call, 0, "markdown text as first argument");
  if (text == nullptr) return Value::raise();
  std::string rendered;
  std::exception_ptr failure;  // exceptions stop at the end of a stack segment
  const bool had_room = call.instance().with_stack(kRenderStack, [&] {
    try {
      rendered = markdown::to_terminal(markdown::parse(text->view(), dialect_of(options)), style);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  if (!had_room) return call.instance().raise_stack_overflow();
  try {
    if (failure != nullptr) std::rethrow_exception(failure);
    return call.string(rendered);
  } catch (const markdown::Unavailable& reason) {
    return call.raise(reason.what());
  }
}

const Parameter kText{.name = "text", .type = Type::kString, .positional_only = true};
const Parameter kOptions{.name = "options", .type = Type::kObject, .fallback = "{}"};

const BuiltinSpec kMarkdownAnsi{
    .name = "markdown_ansi",
    .parameters = {kText, kOptions},
    .returns = Type::kString,
    .errors = {"markdown_ansi() requires markdown text as first argument",
               "Markdown needs the library {library} (package {package})"},
    .summary =
        "The Markdown `text` for a terminal, styled with escape sequences. `options` may turn extensions on or off "
        "(`tables`, `strikethrough`, `highlight`, `tasklists`) and say what stands in front of each kind of text (`h1` "
        "to `h6`, `bold`, `italic`, `strike`, `highlight`, `code_inline`, `code_start`, `blockquote`, `link`, `hr`) "
        "and "
        "behind it (`reset`).",
    .example = R"du(style = {italic = "<i>", bold = "<b>", reset = "</>"}
print(trim(markdown_ansi("*so* **bold**", style)))
// <i>so</> <b>bold</>)du",
    .function =
        [](Call& call) {
          const Options options(call);
          return render(call, options, style_of(options));
        },
};

const BuiltinSpec kMarkdownText{
    .name = "markdown_text",
    .parameters = {kText, kOptions},
    .returns = Type::kString,
    .errors = {"markdown_text() requires markdown text as first argument",
               "Markdown needs the library {library} (package {package})"},
    .summary =
        "The Markdown `text` as plain text, laid out as `markdown_ansi` does it but without its styles. `options` may "
        "turn extensions on or off: `tables`, `strikethrough`, `highlight`, `tasklists`.",
    .example = R"du(print(trim(markdown_text("- *one*\n- [two](http://example.com)")))
// • one
// • [two](http://example.com))du",
    .function = [](Call& call) { return render(call, Options(call), {}); },
};

constexpr const BuiltinSpec* kMarkdown[] = {&kMarkdownAnsi, &kMarkdownText};

}  // namespace

Family markdown_builtins() { return kMarkdown; }

}  // namespace duso::stdlib
