// Layouts: what a date looks like, told by example.
//
// A layout is the reference time - Monday, January 2, 2006, 15:04:05, seven hours west of Greenwich - written as the
// date should be written. Each part of it is an *element*, recognised wherever it stands; everything else is literal
// text (builtins.md 7.1). Scripts may also write YYYY, MM, DD, HH, mm, ss for the usual parts, or one of a few names
// for a whole layout.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace duso::stdlib {

enum class TimeElement {
  kNone,  // the layout ends
  kLongMonth,
  kShortMonth,
  kLongWeekday,
  kShortWeekday,
  kZoneName,
  kMonth,          // 1
  kPaddedMonth,    // 01
  kDay,            // 2
  kSpacedDay,      // _2
  kPaddedDay,      // 02
  kSpacedYearDay,  // __2
  kPaddedYearDay,  // 002
  kHour,           // 15
  kHour12,         // 3
  kPaddedHour12,   // 03
  kMinute,         // 4
  kPaddedMinute,   // 04
  kSecond,         // 5
  kPaddedSecond,   // 05
  kYear,           // 2006
  kShortYear,      // 06
  kUpperHalf,      // PM
  kLowerHalf,      // pm
  kOffset,         // -07 and longer
  kZuluOffset,     // Z07 and longer
  kFixedFraction,  // .000
  kFreeFraction,   // .999
};

// A piece of a layout: literal text, and the element behind it.
struct TimePiece {
  std::string_view literal;
  TimeElement element = TimeElement::kNone;
  std::string_view text;  // the element as the layout writes it; for offsets, without its first character
};

// Takes the first piece off [layout]. At its end there is only literal text.
TimePiece next_piece(std::string_view& layout);

// The layout that a script means by [format]: one of the named ones, or [format] with YYYY and its like translated.
std::string layout_of(std::string_view format);

inline constexpr std::array<std::string_view, 12> kMonthNames = {"January",   "February", "March",    "April",
                                                                 "May",       "June",     "July",     "August",
                                                                 "September", "October",  "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdayNames = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                                  "Thursday", "Friday", "Saturday"};
// Short names are the first three letters.
inline constexpr std::size_t kShortNameSize = 3;

}  // namespace duso::stdlib
