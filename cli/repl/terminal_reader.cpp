#include "cli/repl/terminal_reader.hpp"

#include <histedit.h>
#include <locale.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <optional>
#include <utility>

#include "cli/repl/completion.hpp"
#include "cli/terminal_width.hpp"
#include "interpreter/values/utf8.hpp"
#include "runtime/console.hpp"
#include "runtime/input_claim.hpp"

namespace duso::cli::repl {

namespace {

// Around what takes no room on the screen, in a prompt; as libedit is told.
constexpr char kInvisible = '\1';

constexpr std::size_t kMostShown = 100;  // words to choose from

// While a terminal knows of it, pasted text comes between these two.
constexpr const char* kPasteMarksOn = "\x1b[?2004h";
constexpr const char* kPasteMarksOff = "\x1b[?2004l";
constexpr std::string_view kPasteEnd = "\x1b[201~";

// Keys that libedit does not know by itself, or takes for something else than most do.
constexpr std::array<std::pair<const char*, const char*>, 18> kKeys = {{
    {"^C", "duso-discard"},
    {"^Z", "duso-suspend"},
    {"^I", "duso-complete"},
    {"\\e[200~", "duso-paste"},
    {"^R", "em-inc-search-prev"},
    {"^W", "ed-delete-prev-word"},
    {"\\e[1;5C", "em-next-word"},
    {"\\e[1;5D", "ed-prev-word"},
    {"\\e[1;3C", "em-next-word"},
    {"\\e[1;3D", "ed-prev-word"},
    {"\\e[H", "ed-move-to-beg"},
    {"\\eOH", "ed-move-to-beg"},
    {"\\e[1~", "ed-move-to-beg"},
    {"\\e[F", "ed-move-to-end"},
    {"\\eOF", "ed-move-to-end"},
    {"\\e[4~", "ed-move-to-end"},
    {"\\e[3~", "ed-delete-next-char"},
    {"\\e\\177", "ed-delete-prev-word"},
}};

// libedit asks the locale of the thread how characters are written, and knows more than ASCII only in one for UTF-8.
class Utf8Locale {
 public:
  Utf8Locale() : made_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (made_ != nullptr) before_ = uselocale(made_);
  }
  ~Utf8Locale() {
    if (made_ == nullptr) return;
    uselocale(before_);
    freelocale(made_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t made_;
  locale_t before_ = nullptr;
};

// How many bytes a character has that begins with [first].
std::size_t encoded_size(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

}  // namespace

// libedit's side of it.
class TerminalReader::Editor {
 public:
  Editor(Console& console, const Options& options, const InputList& inputs);
  ~Editor();
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  TypedLine read(const std::string& prompt);
  void remember(const std::string& input);

 private:
  static Editor& of(EditLine* edit);
  static char* prompt(EditLine* edit) { return of(edit).prompt_.data(); }
  static int read_key(EditLine* edit, wchar_t* key);
  static unsigned char discard(EditLine* edit, wint_t);
  static unsigned char suspend(EditLine* edit, wint_t);
  static unsigned char complete(EditLine* edit, wint_t);
  static unsigned char paste(EditLine* edit, wint_t);

  void show(const std::vector<std::string>& words);
  bool has_ended_paste(std::string& text);

  Console& console_;
  const Options& options_;
  std::FILE* const terminal_;
  EditLine* const edit_;
  History* const history_;
  std::unique_ptr<InputClaim> claim_;  // while a line is read
  std::string prompt_;
  bool is_discarded_ = false;
};

TerminalReader::Editor::Editor(Console& console, const Options& options, const InputList& inputs)
    : console_(console),
      options_(options),
      terminal_(fdopen(dup(STDERR_FILENO), "w")),
      edit_(el_init("duso", stdin, terminal_, terminal_)),
      history_(history_init()) {
  el_set(edit_, EL_CLIENTDATA, this);
  el_set(edit_, EL_GETCFN, read_key);
  el_set(edit_, EL_PROMPT_ESC, prompt, kInvisible);
  el_set(edit_, EL_EDITOR, "emacs");
  // In wide characters: it would copy narrow ones, and never give them back.
  el_wset(edit_, EL_ADDFN, L"duso-discard", L"Gives up the line", discard);
  el_wset(edit_, EL_ADDFN, L"duso-suspend", L"Stops the process", suspend);
  el_wset(edit_, EL_ADDFN, L"duso-complete", L"Completes the word", complete);
  el_wset(edit_, EL_ADDFN, L"duso-paste", L"Inserts what is pasted", paste);
  for (const auto& [key, function] : kKeys) el_set(edit_, EL_BIND, key, function, nullptr);
  // While a line is edited, and only then, the terminal makes no signals of keys.
  el_set(edit_, EL_SETTY, "-d", "-isig", nullptr);

  HistEvent event;
  history(history_, &event, H_SETSIZE, static_cast<int>(InputList::kMost));
  history(history_, &event, H_SETUNIQUE, 1);
  el_set(edit_, EL_HIST, history, history_);
  for (const std::string& input : inputs.inputs()) remember(input);
}

TerminalReader::Editor::~Editor() {
  history_end(history_);
  el_end(edit_);
  std::fclose(terminal_);
}

TerminalReader::Editor& TerminalReader::Editor::of(EditLine* edit) {
  void* data = nullptr;
  el_get(edit, EL_CLIENTDATA, &data);
  return *static_cast<Editor*>(data);
}

TypedLine TerminalReader::Editor::read(const std::string& text) {
  constexpr std::string_view kPromptColour = "\x1b[1;34m";
  constexpr std::string_view kPlain = "\x1b[0m";
  const auto invisible = [](std::string_view escape) { return kInvisible + std::string(escape) + kInvisible; };
  prompt_ = text;
  if (options_.colour) {
    // libedit drops what is invisible at the very end, so the last character, a blank, comes behind it.
    const std::size_t painted = text.size() - 1;
    prompt_ = invisible(kPromptColour) + text.substr(0, painted) + invisible(kPlain) + text.substr(painted);
  }
  is_discarded_ = false;

  claim_ = std::make_unique<InputClaim>(console_, [this] { el_set(edit_, EL_REFRESH); });
  el_resize(edit_);
  std::fputs(kPasteMarksOn, terminal_);
  std::fflush(terminal_);
  el_set(edit_, EL_PREP_TERM, 1);  // before the prompt shows: what is typed then is meant for the editor
  int count = 0;
  const char* const line = el_gets(edit_, &count);
  std::fputs(kPasteMarksOff, terminal_);
  std::fflush(terminal_);
  claim_.reset();

  if (is_discarded_) return {.kind = TypedLine::Kind::kDiscarded};
  if (line == nullptr || count <= 0) return {.kind = TypedLine::Kind::kEnd};
  TypedLine typed{.text = std::string(line, static_cast<std::size_t>(count))};
  if (typed.text.ends_with('\n')) typed.text.pop_back();
  return typed;
}

void TerminalReader::Editor::remember(const std::string& input) {
  HistEvent event;
  history(history_, &event, H_ENTER, input.c_str());
}

// --- keys ---

int TerminalReader::Editor::read_key(EditLine* edit, wchar_t* key) {
  InputClaim& claim = *of(edit).claim_;
  std::string bytes;
  std::size_t size = 1;
  while (bytes.size() < size) {
    const std::optional<char> byte = claim.read_byte();
    if (!byte.has_value()) return 0;
    if (bytes.empty()) size = encoded_size(*byte);
    bytes += *byte;
  }
  *key = static_cast<wchar_t>(utf8::decode(bytes).code_point);
  return 1;
}

unsigned char TerminalReader::Editor::discard(EditLine* edit, wint_t) {
  Editor& editor = of(edit);
  editor.is_discarded_ = true;
  std::fputs("^C\n", editor.terminal_);
  return CC_NEWLINE;
}

unsigned char TerminalReader::Editor::suspend(EditLine* edit, wint_t) {
  el_set(edit, EL_PREP_TERM, 0);
  std::raise(SIGTSTP);
  el_set(edit, EL_PREP_TERM, 1);
  el_set(edit, EL_REFRESH);
  return CC_NORM;
}

unsigned char TerminalReader::Editor::complete(EditLine* edit, wint_t) {
  Editor& editor = of(edit);
  const LineInfo* const line = el_line(edit);
  const std::string_view before(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer));
  if (utf8::trim(before.substr(before.rfind('\n') + 1)).empty())
    return el_insertstr(edit, "  ") == 0 ? CC_REFRESH : CC_ERROR;
  const Candidates candidates = editor.options_.complete(before);
  if (candidates.words.empty()) return CC_REFRESH_BEEP;
  const std::string common = common_beginning(candidates.words);
  if (common.size() > candidates.prefix.size()) {
    return el_insertstr(edit, common.c_str() + candidates.prefix.size()) == 0 ? CC_REFRESH : CC_ERROR;
  }
  if (candidates.words.size() == 1) return CC_REFRESH;
  editor.show(candidates.words);
  return CC_REDISPLAY;
}

void TerminalReader::Editor::show(const std::vector<std::string>& words) {
  const std::vector<std::string> shown(words.begin(),
                                       words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), kMostShown)));
  std::string text = '\n' + in_columns(shown, terminal_width(STDERR_FILENO));
  if (words.size() > shown.size()) text += "… " + std::to_string(words.size() - shown.size()) + " more\n";
  std::fputs(text.c_str(), terminal_);
}

unsigned char TerminalReader::Editor::paste(EditLine* edit, wint_t) {
  Editor& editor = of(edit);
  std::string text;
  while (!text.ends_with(kPasteEnd)) {
    const std::optional<char> byte = editor.claim_->read_byte();
    if (!byte.has_value()) return CC_EOF;
    text += *byte == '\r' ? '\n' : *byte;
  }
  text.resize(text.size() - kPasteEnd.size());
  // What ends the last line is left to Enter. Other control characters would be keys.
  while (text.ends_with('\n')) text.pop_back();
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t'; });
  return text.empty() || el_insertstr(edit, text.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
}

// --- the reader ---

bool TerminalReader::is_possible() {
  const char* const terminal = std::getenv("TERM");
  const bool can_draw = terminal != nullptr && *terminal != '\0' && std::string_view(terminal) != "dumb";
  return can_draw && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

TerminalReader::TerminalReader(Console& console, Options options)
    : console_(console), options_(std::move(options)), history_file_(options_.history_path) {}

TerminalReader::~TerminalReader() = default;

TypedLine TerminalReader::read(const std::string& prompt) {
  const Utf8Locale locale;
  if (editor_ == nullptr) editor_ = std::make_unique<Editor>(console_, options_, history_file_.load());
  return editor_->read(prompt);
}

void TerminalReader::remember(const std::string& input) {
  const std::optional<std::string> complaint = history_file_.add(input);
  if (complaint.has_value() && !std::exchange(has_complained_, true)) {
    console_.write_error("warning: cannot keep the history: " + *complaint + '\n');
  }
  editor_->remember(input);
}

}  // namespace duso::cli::repl
