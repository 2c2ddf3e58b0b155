// The tokens of a text, as the parser walks over them.
//
// A file is read to its end before anything is parsed, because a mistake anywhere in its words counts more than any
// mistake in its sentences. The text of a template expression is read only as far as the parser looks: what follows the
// expression is none of its business and may be anything.
#pragma once

#include <cstddef>
#include <vector>

#include "interpreter/syntax/lexer.hpp"
#include "interpreter/syntax/token.hpp"

namespace duso::syntax {

class TokenStream {
 public:
  explicit TokenStream(Lexer lexer) : lexer_(lexer) {}

  // Reads everything. Mistakes are appended to [mistakes]; stray characters, of which no sentence can make anything,
  // are left out of the stream.
  void read_all(std::vector<Token>& mistakes) {
    do {
      const Token token = lexer_.next();
      if (is_mistake(token.kind)) mistakes.push_back(token);
      if (token.kind != TokenKind::kUnexpectedCharacter) tokens_.push_back(token);
    } while (tokens_.empty() || tokens_.back().kind != TokenKind::kEndOfFile);
  }

  // The token [ahead] of the current one. Behind the last token there are only ends of file.
  Token peek(std::size_t ahead = 0) {
    while (tokens_.size() <= index_ + ahead) tokens_.push_back(lexer_.next());
    return tokens_[index_ + ahead];
  }

  // The token before the current one; an empty token at the beginning of the text if there is none.
  Token previous() const { return index_ > 0 ? tokens_[index_ - 1] : Token{}; }

  // How many tokens have been passed.
  std::size_t index() const { return index_; }

  // Passes the current token and returns it. The end of the file is never passed.
  Token advance() {
    const Token token = peek();
    if (token.kind != TokenKind::kEndOfFile) ++index_;
    return token;
  }

  const MappedText& text() const { return lexer_.text(); }

 private:
  Lexer lexer_;
  std::vector<Token> tokens_;
  std::size_t index_ = 0;
};

}  // namespace duso::syntax
