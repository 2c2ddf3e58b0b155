#include "stdlib/builtins/time_layout.hpp"

#include <algorithm>
#include <utility>

namespace duso::stdlib {

namespace {

struct Known {
  std::string_view text;
  TimeElement element;
};

// In order of trial: of two that begin alike, the longer one comes first.
constexpr Known kElements[] = {
    {"January", TimeElement::kLongMonth},
    {"Jan", TimeElement::kShortMonth},
    {"Monday", TimeElement::kLongWeekday},
    {"Mon", TimeElement::kShortWeekday},
    {"MST", TimeElement::kZoneName},
    {"01", TimeElement::kPaddedMonth},
    {"02", TimeElement::kPaddedDay},
    {"03", TimeElement::kPaddedHour12},
    {"04", TimeElement::kPaddedMinute},
    {"05", TimeElement::kPaddedSecond},
    {"06", TimeElement::kShortYear},
    {"002", TimeElement::kPaddedYearDay},
    {"15", TimeElement::kHour},
    {"1", TimeElement::kMonth},
    {"2006", TimeElement::kYear},
    {"2", TimeElement::kDay},
    {"_2", TimeElement::kSpacedDay},
    {"__2", TimeElement::kSpacedYearDay},
    {"3", TimeElement::kHour12},
    {"4", TimeElement::kMinute},
    {"5", TimeElement::kSecond},
    {"PM", TimeElement::kUpperHalf},
    {"pm", TimeElement::kLowerHalf},
    {"-070000", TimeElement::kOffset},
    {"-07:00:00", TimeElement::kOffset},
    {"-0700", TimeElement::kOffset},
    {"-07:00", TimeElement::kOffset},
    {"-07", TimeElement::kOffset},
    {"Z070000", TimeElement::kZuluOffset},
    {"Z07:00:00", TimeElement::kZuluOffset},
    {"Z0700", TimeElement::kZuluOffset},
    {"Z07:00", TimeElement::kZuluOffset},
    {"Z07", TimeElement::kZuluOffset},
};

// Other characters begin no element, so most literal text is passed over quickly.
constexpr std::string_view kFirstCharacters = "JM0123_45Pp-Z.,";

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// `.` or `,` and a run of only 0s or only 9s that no digit follows; empty when [rest] does not begin with that.
std::string_view fraction_at(std::string_view rest) {
  if ((rest[0] != '.' && rest[0] != ',') || rest.size() < 2 || (rest[1] != '0' && rest[1] != '9')) return {};
  const std::size_t end = std::min(rest.find_first_not_of(rest[1], 1), rest.size());
  return end < rest.size() && is_digit(rest[end]) ? std::string_view() : rest.substr(0, end);
}

// The element at the start of [rest], if there is one.
std::optional<Known> element_at(std::string_view rest) {
  if (kFirstCharacters.find(rest[0]) == std::string_view::npos) return std::nullopt;
  if (rest.starts_with("_2006")) return std::nullopt;  // a literal `_` and a year
  for (const Known& known : kElements) {
    if (!rest.starts_with(known.text)) continue;
    const bool is_short_name = known.element == TimeElement::kShortMonth || known.element == TimeElement::kShortWeekday;
    const char behind = rest.size() > known.text.size() ? rest[known.text.size()] : ' ';
    if (is_short_name && behind >= 'a' && behind <= 'z') continue;  // "Jane" is a word
    return known;
  }
  const std::string_view fraction = fraction_at(rest);
  if (fraction.empty()) return std::nullopt;
  return Known{fraction, fraction[1] == '0' ? TimeElement::kFixedFraction : TimeElement::kFreeFraction};
}

constexpr std::pair<std::string_view, std::string_view> kNamedLayouts[] = {
    {"iso", "2006-01-02T15:04:05Z"},
    {"date", "2006-01-02"},
    {"time", "15:04:05"},
    {"long_date", "January 2, 2006"},
    {"long_date_dow", "Mon January 2, 2006"},
    {"short_date", "Jan 2, 2006"},
    {"short_date_dow", "Mon Jan 2, 2006"},
};

constexpr std::pair<std::string_view, std::string_view> kTranslations[] = {
    {"YYYY", "2006"}, {"YY", "06"}, {"MM", "01"}, {"DD", "02"}, {"HH", "15"}, {"mm", "04"}, {"ss", "05"},
};

}  // namespace

TimePiece next_piece(std::string_view& layout) {
  for (std::size_t at = 0; at < layout.size(); ++at) {
    const auto known = element_at(layout.substr(at));
    if (!known) continue;
    const bool is_offset = known->element == TimeElement::kOffset || known->element == TimeElement::kZuluOffset;
    const TimePiece piece{layout.substr(0, at), known->element, known->text.substr(is_offset ? 1 : 0)};
    layout.remove_prefix(at + known->text.size());
    return piece;
  }
  return {std::exchange(layout, std::string_view()), TimeElement::kNone, {}};
}

std::string layout_of(std::string_view format) {
  for (const auto& [name, layout] : kNamedLayouts) {
    if (format == name) return std::string(layout);
  }
  // No translation contains what a later one looks for, so one pass that tries them in order does the same as one pass
  // for each.
  std::string layout;
  for (std::size_t at = 0; at < format.size();) {
    const auto* found = std::find_if(std::begin(kTranslations), std::end(kTranslations),
                                     [&](const auto& pair) { return format.substr(at).starts_with(pair.first); });
    if (found == std::end(kTranslations)) {
      layout += format[at++];
    } else {
      layout += found->second;
      at += found->first.size();
    }
  }
  return layout;
}

}  // namespace duso::stdlib
