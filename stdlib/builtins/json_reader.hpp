// The reader of JSON texts that knows what is wrong with them.
//
// RFC 8259 to the letter, one byte after the other. The places where a document can end or go wrong are few, and each
// of them has one reason and one offset (builtins.md 6.1). Only text inside of strings is treated with leniency: a
// surrogate without its partner and a byte that is no UTF-8 become U+FFFD.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "stdlib/builtins/json.hpp"
#include "stdlib/builtins/json_builder.hpp"

namespace duso::stdlib {

class JsonReader {
 public:
  // Reads [text] into [builder]; both must outlive this.
  JsonReader(std::string_view text, JsonBuilder& builder) : text_(text), builder_(builder) {}

  // Reads the whole text as one document. Returns what is wrong with it; nothing when the document is in the builder.
  // May throw HeapLimitReached.
  std::optional<JsonProblem> read();

 private:
  // What the grammar expects next; kFailed when problem_ says why nothing is.
  enum class Next { kValue, kName, kAfterValue, kDone, kFailed };

  Next read_value();
  Next read_name();
  Next read_after_value();
  Next read_literal(std::string_view literal, Value value);
  Next read_number();

  // Moves over a string whose opening quote is at at_ and decodes it; false when it has an error. The result lies in
  // the text or in scratch_, valid until the next string.
  bool read_string(std::string_view& result);
  bool check_escape();
  void decode_string(std::string_view raw);
  std::size_t decode_unicode_escape(std::string_view raw, std::size_t at);

  void skip_space();
  std::size_t skip_digits();
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return text_[at_]; }
  Next fail(std::string reason, std::size_t offset);
  Next unexpected_character();

  std::string_view text_;
  JsonBuilder& builder_;
  std::size_t at_ = 0;
  std::string scratch_;
  JsonProblem problem_;
};

}  // namespace duso::stdlib
