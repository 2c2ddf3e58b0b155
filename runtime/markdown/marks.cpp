#include "runtime/markdown/marks.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "interpreter/values/utf8.hpp"
#include "runtime/markdown/characters.hpp"

namespace duso::markdown {

namespace {

// What a run of marks can stand next to.
enum class Neighbour : std::uint8_t { kSpace, kPunctuation, kOther };

Neighbour classify(char32_t character) {
  if (utf8::is_space(character)) return Neighbour::kSpace;
  return is_punctuation(character) ? Neighbour::kPunctuation : Neighbour::kOther;
}

// A part of the inlines: a node, or a run of two marks.
struct Piece {
  Node node = {};
  char mark = '\0';  // NUL: a node
  bool can_open = false;
  bool can_close = false;
  bool is_matched = false;
};

bool is_mark(char character, const Dialect& dialect) {
  return (character == '~' && dialect.strikethrough) || (character == '=' && dialect.highlight);
}

// Cuts the children of a node at every run that may be a mark.
class Cutter {
 public:
  Cutter(std::vector<Node>& inlines, const Dialect& dialect, bool is_block)
      : inlines_(inlines), dialect_(dialect), edge_(is_block ? Neighbour::kSpace : Neighbour::kPunctuation) {}

  std::vector<Piece> cut() {
    for (std::size_t i = 0; i < inlines_.size(); ++i) {
      if (inlines_[i].kind == Kind::kText && !inlines_[i].is_literal) {
        cut_text(i);
      } else {
        pieces_.push_back({.node = std::move(inlines_[i])});
      }
    }
    return std::move(pieces_);
  }

 private:
  void cut_text(std::size_t index) {
    const std::string text = std::move(inlines_[index].text);
    const std::string_view whole = text;
    std::size_t done = 0;
    std::size_t begin = 0;
    while (begin < text.size()) {
      if (!is_mark(text[begin], dialect_)) {
        ++begin;
        continue;
      }
      const std::size_t end = std::min(text.find_first_not_of(text[begin], begin), text.size());
      if (end - begin == 2) {
        add_text(whole.substr(done, begin - done));
        const Neighbour before =
            begin > 0 ? classify(utf8::decode_last(whole.substr(0, begin)).code_point) : before_next();
        const Neighbour behind =
            end < text.size() ? classify(utf8::decode(whole, end).code_point) : start_of(index + 1);
        pieces_.push_back({.mark = text[begin], .can_open = hugs(behind, before), .can_close = hugs(before, behind)});
        done = end;
      }
      begin = end;
    }
    add_text(whole.substr(done));
  }

  // Whether a run belongs to the side where [inner] stands, [outer] being what it has on the other side.
  static bool hugs(Neighbour inner, Neighbour outer) {
    return inner == Neighbour::kOther || (inner == Neighbour::kPunctuation && outer != Neighbour::kOther);
  }

  void add_text(std::string_view text) {
    if (!text.empty()) pieces_.push_back({.node = {.kind = Kind::kText, .text = std::string(text)}});
  }

  // How an inline begins and ends in the source. Text that touches other text was escaped, or an entity.
  static Neighbour edge_of(const Node& node) {
    return node.kind == Kind::kLineBreak ? Neighbour::kSpace : Neighbour::kPunctuation;
  }
  Neighbour before_next() const { return pieces_.empty() ? edge_ : edge_of(pieces_.back().node); }
  Neighbour start_of(std::size_t index) const { return index == inlines_.size() ? edge_ : edge_of(inlines_[index]); }

  std::vector<Node>& inlines_;
  const Dialect& dialect_;
  Neighbour edge_;
  std::vector<Piece> pieces_;
};

// Finds out which marks belong together.
void match(std::vector<Piece>& pieces, std::size_t max_depth) {
  std::vector<Piece*> open;
  for (Piece& piece : pieces) {
    if (piece.mark == '\0') continue;
    if (piece.can_close) {
      const auto opener =
          std::find_if(open.rbegin(), open.rend(), [&](const Piece* it) { return it->mark == piece.mark; });
      if (opener != open.rend()) {
        piece.can_open = false;
        piece.is_matched = (*opener)->is_matched = true;
        open.erase(opener.base() - 1, open.end());
        continue;
      }
    }
    if (piece.can_open && open.size() < max_depth) open.push_back(&piece);
  }
}

}  // namespace

void resolve_marks(std::vector<Node>& inlines, const Dialect& dialect, bool is_block, std::size_t max_depth) {
  std::vector<Piece> pieces = Cutter(inlines, dialect, is_block).cut();
  match(pieces, max_depth);
  std::vector<Node> open(1);
  for (Piece& piece : pieces) {
    if (piece.mark == '\0') {
      open.back().children.push_back(std::move(piece.node));
    } else if (!piece.is_matched) {
      open.back().children.push_back({.kind = Kind::kText, .text = std::string(2, piece.mark)});
    } else if (piece.can_open) {
      open.push_back({.kind = piece.mark == '~' ? Kind::kStrikethrough : Kind::kHighlight});
    } else {
      Node marked = std::move(open.back());
      open.pop_back();
      open.back().children.push_back(std::move(marked));
    }
  }
  inlines = std::move(open.front().children);
}

}  // namespace duso::markdown
