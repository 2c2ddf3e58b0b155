// CSV (RFC 4180): parse_csv and format_csv.
//
// Reading goes line by line, as the errors of CSV are about lines and columns: a quoted field may go on over several
// lines, everything else ends where its line does. A field without doubled quotes is a part of the text as it stands
// and is copied once, into the string that the script gets.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/values/array.hpp"
#include "interpreter/values/text_form.hpp"
#include "interpreter/values/utf8.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// The delimiter that the argument at [index] asks for: its first character, or a comma.
std::string_view delimiter_of(const Call& call, std::size_t index) {
  const String* text = optional_string(call, index);
  if (text == nullptr || text->size == 0) return ",";
  return text->view().substr(0, utf8::decode(text->view()).length);
}

// Quotes and line ends have a meaning of their own already.
bool is_usable(std::string_view delimiter) {
  const utf8::Decoded decoded = utf8::decode(delimiter);
  return decoded.valid && decoded.code_point != utf8::kReplacement && delimiter != "\"" && delimiter != "\r" &&
         delimiter != "\n";
}

Value raise_unusable(const Call& call) {
  return call.raise(std::string(call.spec().name) + "() error: csv: invalid field or comment delimiter");
}

// --- reading ---

class CsvReader {
 public:
  // Reads [text], whose fields are separated by [delimiter], into values of [heap]; all must outlive this.
  CsvReader(memory::Heap& heap, std::string_view text, std::string_view delimiter)
      : heap_(heap), text_(text), delimiter_(delimiter) {}

  // An array of records, owned by the caller; unset when the text is malformed, and then `problem` says why.
  Value read();
  const std::string& problem() const { return problem_; }

 private:
  bool next_line();
  bool read_record(Array* record);
  bool read_plain_field(Array* record, bool& more);
  bool read_quoted_field(Array* record, bool& more);
  void add(Array* record, std::string_view field) { push(record, Value(new_string(heap_, field))); }
  bool fail(std::size_t column, std::string_view reason);

  memory::Heap& heap_;
  std::string_view text_;
  std::string_view delimiter_;
  std::size_t next_ = 0;         // where the next line begins
  std::string_view line_;        // without its end
  bool line_has_end_ = false;    // false for the last line of a text that does not end with one
  std::size_t line_number_ = 0;  // from 1
  std::size_t record_line_ = 0;  // where the record began
  std::size_t at_ = 0;           // bytes of the line that were read
  std::string field_;
  std::string problem_;
};

// Goes to the next line; false at the end of the text.
bool CsvReader::next_line() {
  if (next_ == text_.size()) return false;
  const std::size_t end = text_.find('\n', next_);
  line_has_end_ = end != std::string_view::npos;
  line_ = text_.substr(next_, (line_has_end_ ? end : text_.size()) - next_);
  next_ = line_has_end_ ? end + 1 : text_.size();
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++line_number_;
  at_ = 0;
  return true;
}

Value CsvReader::read() {
  Owned records(Value(new_array(heap_)));
  std::optional<std::uint32_t> width;
  while (next_line()) {
    if (line_.empty()) continue;
    record_line_ = line_number_;
    Owned record(Value(new_array(heap_, width.value_or(0))));
    Array* fields = record.get().array();
    if (!read_record(fields)) return Value::unset();
    if (!width) width = fields->size;
    if (fields->size != *width) {
      problem_ = "record on line " + std::to_string(record_line_) + ": wrong number of fields";
      return Value::unset();
    }
    push(records.get().array(), record.take());
  }
  return records.take();
}

// record = field {delimiter field}
bool CsvReader::read_record(Array* record) {
  bool more = true;
  while (more) {
    const bool is_quoted = at_ < line_.size() && line_[at_] == '"';
    if (!(is_quoted ? read_quoted_field(record, more) : read_plain_field(record, more))) return false;
  }
  return true;
}

bool CsvReader::read_plain_field(Array* record, bool& more) {
  const std::size_t end = line_.find(delimiter_, at_);
  more = end != std::string_view::npos;
  const std::string_view field = line_.substr(at_, more ? end - at_ : std::string_view::npos);
  const std::size_t quote = field.find('"');
  if (quote != std::string_view::npos) return fail(at_ + quote, "bare \" in non-quoted-field");
  add(record, field);
  at_ = more ? end + delimiter_.size() : line_.size();
  return true;
}

bool CsvReader::read_quoted_field(Array* record, bool& more) {
  constexpr std::string_view kBadQuote = "extraneous or missing \" in quoted-field";
  ++at_;
  bool is_whole = true;  // the field is one piece of the line; otherwise what was read is in field_
  field_.clear();
  for (;;) {
    const std::size_t quote = line_.find('"', at_);
    if (quote == std::string_view::npos) {
      is_whole = false;
      field_ += line_.substr(at_);
      if (line_has_end_) field_ += '\n';
      const std::size_t line_end = line_.size() + (line_has_end_ ? 1 : 0);
      if (!next_line()) return fail(line_end, kBadQuote);
      continue;
    }
    const std::string_view piece = line_.substr(at_, quote - at_);
    const std::string_view rest = line_.substr(quote + 1);
    at_ = quote + 1;
    if (rest.starts_with('"')) {
      is_whole = false;
      field_ += piece;
      field_ += '"';
      ++at_;
      continue;
    }
    more = rest.starts_with(delimiter_);
    if (!more && !rest.empty()) return fail(quote, kBadQuote);
    if (more) at_ += delimiter_.size();
    if (!is_whole) field_ += piece;
    add(record, is_whole ? piece : field_);
    return true;
  }
}

// [column] counts bytes from 0.
bool CsvReader::fail(std::size_t column, std::string_view reason) {
  if (record_line_ != line_number_) problem_ = "record on line " + std::to_string(record_line_) + "; ";
  problem_ += "parse error on line " + std::to_string(line_number_) + ", column " + std::to_string(column + 1) + ": ";
  problem_ += reason;
  return false;
}

Value parse_csv(Call& call) {
  const String* text = required_string(call, 0);
  if (text == nullptr) return Value::raise();
  const std::string_view delimiter = delimiter_of(call, 1);
  if (!is_usable(delimiter)) return raise_unusable(call);
  CsvReader reader(call.heap(), text->view(), delimiter);
  const Value records = reader.read();
  return records.is_unset() ? call.raise("parse_csv() error: " + reader.problem()) : records;
}

const BuiltinSpec kParseCsv{
    .name = "parse_csv",
    .parameters = {{"str", Type::kString}, {"delimiter", Type::kString, "\",\""}},
    .returns = Type::kArray,
    .errors = {"parse_csv() requires a string as first argument",
               "parse_csv() error: csv: invalid field or comment delimiter",
               "parse_csv() error: parse error on line {line}, column {column}: {problem}",
               "parse_csv() error: record on line {line}: wrong number of fields",
               "parse_csv() error: record on line {line}; parse error on line {line}, column {column}: {problem}"},
    .summary =
        "The records of a CSV text, each an array of strings. Fields may be quoted; every record must have as many as "
        "the first one. Empty lines are skipped.",
    .example = R"(print(parse_csv('id,name\n1,"A, B"\n')) // [["id", "name"], ["1", "A, B"]])",
    .function = parse_csv,
};

// --- writing ---

bool needs_quotes(std::string_view field, std::string_view delimiter) {
  if (field.empty()) return false;
  return field == "\\." || field.find(delimiter) != std::string_view::npos ||
         field.find_first_of("\"\r\n") != std::string_view::npos || utf8::is_space(utf8::decode(field).code_point);
}

void append_field(TextBuffer& out, Value value, std::string_view delimiter) {
  if (value.is_nil()) return;
  const std::string converted = value.is_string() ? std::string() : concat_text(value);
  const std::string_view field = value.is_string() ? value.string()->view() : converted;
  if (!needs_quotes(field, delimiter)) return out.append(field);
  out.append('"');
  for (std::size_t at = 0; at < field.size();) {
    const std::size_t quote = std::min(field.find('"', at), field.size() - 1);
    out.append(field.substr(at, quote + 1 - at));
    if (field[quote] == '"') out.append('"');
    at = quote + 1;
  }
  out.append('"');
}

Value format_csv(Call& call) {
  const Array* rows = required_array(call, 0);
  if (rows == nullptr) return Value::raise();
  const std::string_view delimiter = delimiter_of(call, 1);
  if (rows->size != 0 && !is_usable(delimiter)) return raise_unusable(call);
  TextBuffer text(call.heap());
  for (const Value row : rows->elements()) {
    if (row.is_array()) {
      bool is_first = true;
      for (const Value field : row.array()->elements()) {
        if (!is_first) text.append(delimiter);
        append_field(text, field, delimiter);
        is_first = false;
      }
    } else {
      append_field(text, row, delimiter);
    }
    text.append('\n');
  }
  return Value(text.to_string());
}

const BuiltinSpec kFormatCsv{
    .name = "format_csv",
    .parameters = {{"array", Type::kArray}, {"delimiter", Type::kString, "\",\""}},
    .returns = Type::kString,
    .errors = {"format_csv() requires an array as first argument",
               "format_csv() error: csv: invalid field or comment delimiter"},
    .summary =
        "CSV text with one line for each element of `array`. An element is an array of fields, or one field; fields "
        "are "
        "quoted where they have to be, and nil is an empty one.",
    .example = R"(write(format_csv([["a,b", 1]])) // "a,b",1)",
    .function = format_csv,
};

constexpr const BuiltinSpec* kCsv[] = {&kParseCsv, &kFormatCsv};

}  // namespace

Family csv_builtins() { return kCsv; }

}  // namespace duso::stdlib
