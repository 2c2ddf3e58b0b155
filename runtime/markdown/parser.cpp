// See parser.hpp. No other file includes md4c.
//
// md4c reports the document as a stream of events: a block or a span begins, ends, and text. The builder keeps the
// nodes that have begun on a stack. Two things are not in the stream and are put in here: the paragraphs of tight
// lists, which md4c leaves out, and what distinguishes `<http://a>` from `[http://a](http://a)`. Two more are settled
// elsewhere, as md4c has rules of its own for them: the row below a table's header (delimiter_rows.hpp), and marks.hpp.
#include "runtime/markdown/parser.hpp"

#include <dlfcn.h>
#include <md4c.h>

#include <algorithm>
#include <bit>
#include <exception>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include "runtime/markdown/characters.hpp"
#include "runtime/markdown/delimiter_rows.hpp"
#include "runtime/markdown/marks.hpp"

namespace duso::markdown {

namespace {

// The library with the interface of the header, and where Debian has it.
constexpr const char* kLibraryFile = "libmd4c.so.0";
constexpr const char* kPackage = "libmd4c0";

using ParseFunction = decltype(&md_parse);

ParseFunction load_parser() {
  void* library = dlopen(kLibraryFile, RTLD_NOW | RTLD_LOCAL);
  void* symbol = library != nullptr ? dlsym(library, "md_parse") : nullptr;
  if (symbol == nullptr) {
    throw Unavailable(std::string("Markdown needs the library ") + kLibraryFile + " (package " + kPackage + ")");
  }
  return std::bit_cast<ParseFunction>(symbol);
}

// Whether blocks go into a node of this kind.
bool holds_blocks(Kind kind) {
  return kind == Kind::kDocument || kind == Kind::kQuote || kind == Kind::kBulletList || kind == Kind::kOrderedList ||
         kind == Kind::kItem || kind == Kind::kTable || kind == Kind::kRow || kind == Kind::kHeaderRow;
}

// Whether inlines do, the node itself being a block.
bool is_leaf_block(Kind kind) { return kind == Kind::kParagraph || kind == Kind::kHeading || kind == Kind::kCell; }

// Whether inlines do, the node itself being one.
bool is_span(Kind kind) {
  return kind == Kind::kEmphasis || kind == Kind::kStrong || kind == Kind::kLink || kind == Kind::kAutolink ||
         kind == Kind::kImage;
}

std::string text_of(const MD_ATTRIBUTE& attribute) {
  std::string text;
  for (std::size_t i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const MD_OFFSET begin = attribute.substr_offsets[i];
    const std::string_view piece(attribute.text + begin, attribute.substr_offsets[i + 1] - begin);
    if (attribute.substr_types[i] == MD_TEXT_ENTITY) {
      text += decode_entity(piece);
    } else {
      text += piece;
    }
  }
  return text;
}

// [text] with U+FFFD in place of every NUL, as CommonMark has it; md4c does this in some places only.
std::string without_nul(std::string_view text) {
  std::string clean;
  for (std::size_t nul; (nul = text.find('\0')) != std::string_view::npos; text.remove_prefix(nul + 1)) {
    clean += text.substr(0, nul);
    clean += "\uFFFD";
  }
  return clean += text;
}

void unescape_pipes(std::string& code) {
  for (std::size_t at = 0; (at = code.find("\\|", at)) != std::string::npos; ++at) code.erase(at, 1);
}

class Builder {
 public:
  Builder(const PreparedText& source, const Dialect& dialect) : source_(source), dialect_(dialect) { open({}); }

  void enter_block(MD_BLOCKTYPE type, const void* detail) {
    if (type == MD_BLOCK_DOC) return;
    close_implicit_paragraph();
    open(node_for(type, detail));
  }

  void leave_block(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_DOC) return;
    close_spans(0);
    close_implicit_paragraph();
    if (type == MD_BLOCK_THEAD) in_header_ = false;
    if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) in_cell_ = false;
    close();
  }

  void enter_span(MD_SPANTYPE type, const void* detail) {
    need_inlines();
    open(node_for(type, detail));
  }

  // Usually the innermost span ends. But where marks stand in the title of a link, md4c reports the end of an emphasis
  // that did not begin, or not the end of one that did.
  void leave_span(MD_SPANTYPE type) {
    const Kind kind = node_for(type, nullptr).kind;
    for (std::size_t i = begun_.size() - 1; is_span(begun_[i].kind) || begun_[i].kind == Kind::kCode; --i) {
      if (begun_[i].kind == kind) return close_spans(i);
    }
  }

  void add_text(MD_TEXTTYPE type, std::string_view text) {
    if (verbatim() != nullptr) {
      *verbatim() += source_.original(text);
      return;
    }
    need_inlines();
    Node& innermost = nodes_.back();
    std::vector<Node>& siblings = innermost.children;
    switch (type) {
      case MD_TEXT_BR:
      case MD_TEXT_SOFTBR:
        siblings.push_back({.kind = Kind::kLineBreak});
        return;
      case MD_TEXT_HTML:
        siblings.push_back({.kind = Kind::kHtml, .text = source_.original(text)});
        return;
      case MD_TEXT_ENTITY:
        siblings.push_back({.kind = Kind::kText, .is_literal = true, .text = decode_entity(text)});
        return;
      default:
        break;
    }
    if (innermost.kind == Kind::kLink && siblings.empty() && source_.byte_before(text) == '<') {
      innermost.kind = Kind::kAutolink;
    }
    const bool is_escaped = text.size() == 1 && source_.byte_before(text) == '\\';
    siblings.push_back({.kind = Kind::kText, .is_literal = is_escaped, .text = source_.original(text)});
  }

  Node finish() {
    close_implicit_paragraph();
    return std::move(nodes_.front());
  }

 private:
  Node node_for(MD_BLOCKTYPE type, const void* detail) {
    switch (type) {
      case MD_BLOCK_QUOTE:
        return {.kind = Kind::kQuote};
      case MD_BLOCK_UL:
        return {.kind = Kind::kBulletList};
      case MD_BLOCK_OL:
        return {.kind = Kind::kOrderedList, .number = static_cast<const MD_BLOCK_OL_DETAIL*>(detail)->start};
      case MD_BLOCK_LI: {
        const auto* item = static_cast<const MD_BLOCK_LI_DETAIL*>(detail);
        const Task task = item->is_task == 0 ? Task::kNone : item->task_mark == ' ' ? Task::kOpen : Task::kDone;
        return {.kind = Kind::kItem, .task = task};
      }
      case MD_BLOCK_HR:
        return {.kind = Kind::kRule};
      case MD_BLOCK_H:
        return {.kind = Kind::kHeading, .number = static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level};
      case MD_BLOCK_CODE:
        return {.kind = Kind::kCodeBlock};
      case MD_BLOCK_HTML:
        return {.kind = Kind::kHtml};
      case MD_BLOCK_TABLE:
        return {.kind = Kind::kTable};
      case MD_BLOCK_TR:
        return {.kind = in_header_ ? Kind::kHeaderRow : Kind::kRow};
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        in_cell_ = true;
        return {.kind = Kind::kCell};
      case MD_BLOCK_THEAD:
        in_header_ = true;
        return {.kind = Kind::kTable};
      case MD_BLOCK_TBODY:
        return {.kind = Kind::kTable};
      default:
        return {.kind = Kind::kParagraph};
    }
  }

  static Node node_for(MD_SPANTYPE type, const void* detail) {
    switch (type) {
      case MD_SPAN_EM:
        return {.kind = Kind::kEmphasis};
      case MD_SPAN_STRONG:
        return {.kind = Kind::kStrong};
      case MD_SPAN_A:
        return {.kind = Kind::kLink,
                .text = detail != nullptr ? text_of(static_cast<const MD_SPAN_A_DETAIL*>(detail)->href) : ""};
      case MD_SPAN_IMG:
        return {.kind = Kind::kImage};
      default:
        return {.kind = Kind::kCode};
    }
  }

  // The text that the innermost node takes as it comes; null if it is parsed.
  std::string* verbatim() {
    Node& innermost = nodes_.back();
    const bool takes_it =
        innermost.kind == Kind::kCode || innermost.kind == Kind::kCodeBlock || innermost.kind == Kind::kHtml;
    return takes_it ? &innermost.text : nullptr;
  }

  // Begins [node]. If it is nested too deeply there will be no such node, and its children become those of the one
  // around it.
  void open(Node node) {
    const bool can_nest = holds_blocks(node.kind) || is_span(node.kind);
    begun_.push_back({node.kind, !can_nest || nodes_.size() <= kMaxDepth});
    if (begun_.back().is_node) nodes_.push_back(std::move(node));
  }

  // Ends what began last.
  void close() {
    const bool is_node = begun_.back().is_node;
    begun_.pop_back();
    if (!is_node) return;
    Node node = std::move(nodes_.back());
    nodes_.pop_back();
    // In a table a `|` has to be escaped even in code; elsewhere code knows no escapes.
    if (node.kind == Kind::kCode && in_cell_) unescape_pipes(node.text);
    if (is_leaf_block(node.kind) || (is_span(node.kind) && node.kind != Kind::kAutolink)) {
      const std::size_t room = kMaxDepth - std::min(nodes_.size(), kMaxDepth);
      resolve_marks(node.children, dialect_, is_leaf_block(node.kind), room);
    }
    nodes_.back().children.push_back(std::move(node));
  }

  // Ends what began last, down to [index], as far as it is spans.
  void close_spans(std::size_t index) {
    while (begun_.size() > index && (is_span(begun_.back().kind) || begun_.back().kind == Kind::kCode)) close();
  }

  // Inlines are about to come: where only blocks can be, they are a paragraph.
  void need_inlines() {
    if (!holds_blocks(begun_.back().kind)) return;
    open({.kind = Kind::kParagraph});
    in_implicit_paragraph_ = true;
  }

  void close_implicit_paragraph() {
    if (!std::exchange(in_implicit_paragraph_, false)) return;
    close_spans(0);
    close();
  }

  const PreparedText& source_;
  const Dialect& dialect_;
  // The document and what has begun in it, innermost last.
  struct Begun {
    Kind kind;
    bool is_node;  // and so on top of the others in nodes_
  };
  std::vector<Begun> begun_;
  std::vector<Node> nodes_;
  bool in_implicit_paragraph_ = false;
  bool in_header_ = false;
  bool in_cell_ = false;
};

// What md4c calls back with, and what must not be thrown through it.
struct Parsing {
  Builder builder;
  std::exception_ptr failure = nullptr;
};

template <class Step>
int guarded(void* parsing_data, const Step& step) {
  auto* parsing = static_cast<Parsing*>(parsing_data);
  try {
    step(parsing->builder);
    return 0;
  } catch (...) {
    parsing->failure = std::current_exception();
    return 1;
  }
}

MD_PARSER callbacks(const Dialect& dialect) {
  MD_PARSER parser{};
  parser.flags = (dialect.tables ? MD_FLAG_TABLES : 0U) | (dialect.tasklists ? MD_FLAG_TASKLISTS : 0U);
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* data) {
    return guarded(data, [&](Builder& builder) { builder.enter_block(type, detail); });
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* data) {
    return guarded(data, [&](Builder& builder) { builder.leave_block(type); });
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* data) {
    return guarded(data, [&](Builder& builder) { builder.enter_span(type, detail); });
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* data) {
    return guarded(data, [&](Builder& builder) { builder.leave_span(type); });
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* data) {
    return guarded(data, [&](Builder& builder) { builder.add_text(type, {text, size}); });
  };
  return parser;
}

}  // namespace

Node parse(std::string_view text, const Dialect& dialect) {
  static const ParseFunction kParse = load_parser();
  // md4c looks for the ends of lines with C's functions for strings: a NUL has to stand behind the text, and none in it.
  const std::string terminated = without_nul(text);
  const PreparedText source(terminated);
  const std::string_view prepared = source.view();
  if (prepared.size() > std::numeric_limits<MD_SIZE>::max()) throw Unavailable("Markdown text is larger than 4 GB");
  const MD_PARSER parser = callbacks(dialect);
  Parsing parsing{.builder = {source, dialect}};
  const int status = kParse(prepared.data(), static_cast<MD_SIZE>(prepared.size()), &parser, &parsing);
  if (parsing.failure) std::rethrow_exception(parsing.failure);
  if (status != 0) throw std::bad_alloc();
  return parsing.builder.finish();
}

}  // namespace duso::markdown
