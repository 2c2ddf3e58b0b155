#include "cli/unified_diff.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace duso::cli {

namespace {

// How many lines stand around a change.
constexpr std::size_t kContext = 3;

// How many lines may differ before the search is given up.
constexpr std::ptrdiff_t kMaxChanges = 2000;

using Lines = std::vector<std::string_view>;

// The lines of [text], each with its newline; the last one may have none.
Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

// A line of the result: taken out ('-'), put in ('+'), or in both texts (' ').
struct Edit {
  char sign;
  std::string_view line;
};

// All lines of [before] taken out, all of [after] put in.
std::vector<Edit> replace_all(std::span<const std::string_view> before, std::span<const std::string_view> after) {
  std::vector<Edit> edits;
  for (const std::string_view line : before) edits.push_back({'-', line});
  for (const std::string_view line : after) edits.push_back({'+', line});
  return edits;
}

// The shortest way from [before] to [after].
//
// A point (x, y) says that x lines of the one and y of the other are done with; its diagonal is x - y. For each number
// of changes the furthest point on each diagonal is kept, until one of them is the end; then the way is read backwards
// from what was kept. Points may lie beyond the last lines: no shortest way leads through them.
std::vector<Edit> shortest_edits(std::span<const std::string_view> before, std::span<const std::string_view> after) {
  const auto rows = static_cast<std::ptrdiff_t>(before.size());
  const auto columns = static_cast<std::ptrdiff_t>(after.size());
  const auto old_line = [&](std::ptrdiff_t i) { return before[static_cast<std::size_t>(i)]; };
  const auto new_line = [&](std::ptrdiff_t i) { return after[static_cast<std::size_t>(i)]; };

  // furthest[d][k + d] is the x of the furthest point on diagonal k after d changes.
  std::vector<std::vector<std::ptrdiff_t>> furthest;
  const auto reach = [&](std::ptrdiff_t changes, std::ptrdiff_t diagonal) -> std::ptrdiff_t {
    if (changes < 0 || diagonal < -changes || diagonal > changes) return -1;
    return furthest[static_cast<std::size_t>(changes)][static_cast<std::size_t>(diagonal + changes)];
  };
  // The x from which [diagonal] is entered with the last of [changes]: by putting a line in, or by taking one out.
  const auto entry = [&](std::ptrdiff_t changes, std::ptrdiff_t diagonal) -> std::ptrdiff_t {
    if (changes == 0) return 0;
    const std::ptrdiff_t put_in = reach(changes - 1, diagonal + 1);
    const std::ptrdiff_t taken_out = reach(changes - 1, diagonal - 1);
    return put_in > taken_out ? put_in : taken_out + 1;
  };

  std::ptrdiff_t changes = 0;
  for (bool is_done = false; !is_done; ++changes) {
    if (changes > kMaxChanges) return replace_all(before, after);
    furthest.emplace_back(static_cast<std::size_t>(2 * changes + 1), -1);
    for (std::ptrdiff_t diagonal = -changes; diagonal <= changes && !is_done; diagonal += 2) {
      std::ptrdiff_t x = entry(changes, diagonal);
      while (x < rows && x - diagonal < columns && old_line(x) == new_line(x - diagonal)) ++x;
      furthest.back()[static_cast<std::size_t>(diagonal + changes)] = x;
      is_done = x == rows && x - diagonal == columns;
    }
  }

  std::vector<Edit> edits;
  std::ptrdiff_t x = rows;
  std::ptrdiff_t y = columns;
  for (--changes; x > 0 || y > 0; --changes) {
    const std::ptrdiff_t start = entry(changes, x - y);
    for (; x > start; --x, --y) edits.push_back({' ', old_line(x - 1)});
    if (changes == 0) break;
    if (reach(changes - 1, x - y + 1) == start) {
      edits.push_back({'+', new_line(--y)});
    } else {
      edits.push_back({'-', old_line(--x)});
    }
  }
  std::ranges::reverse(edits);
  return edits;
}

std::vector<Edit> compare(const Lines& before, const Lines& after) {
  const auto [old_begin, new_begin] = std::ranges::mismatch(before, after);
  const auto head = static_cast<std::size_t>(old_begin - before.begin());
  std::size_t tail = 0;
  while (tail < std::min(before.size(), after.size()) - head &&
         before[before.size() - tail - 1] == after[after.size() - tail - 1]) {
    ++tail;
  }
  std::vector<Edit> edits;
  edits.reserve(before.size() + after.size());
  for (std::size_t i = 0; i < head; ++i) edits.push_back({' ', before[i]});
  const std::vector<Edit> middle = shortest_edits(std::span(before).subspan(head, before.size() - head - tail),
                                                  std::span(after).subspan(head, after.size() - head - tail));
  edits.insert(edits.end(), middle.begin(), middle.end());
  for (std::size_t i = before.size() - tail; i < before.size(); ++i) edits.push_back({' ', before[i]});
  return edits;
}

// "12,3", or "12" for a single line; of no lines, the line before them counts.
std::string range_text(std::size_t first, std::size_t count) {
  const std::string start = std::to_string(count == 0 ? first : first + 1);
  return count == 1 ? start : start + ',' + std::to_string(count);
}

}  // namespace

std::string unified_diff(std::string_view old_name, std::string_view before, std::string_view new_name,
                         std::string_view after) {
  if (before == after) return {};
  const Lines old_lines = split_lines(before);
  const Lines new_lines = split_lines(after);
  const std::vector<Edit> edits = compare(old_lines, new_lines);

  std::string text = "--- " + std::string(old_name) + "\n+++ " + std::string(new_name) + '\n';
  const auto is_change = [](const Edit& edit) { return edit.sign != ' '; };
  std::size_t at = 0;  // the edit, and the lines in front of it
  std::size_t old_count = 0;
  std::size_t new_count = 0;
  const auto pass = [&](std::size_t until) {
    for (; at < until; ++at) {
      if (edits[at].sign != '+') ++old_count;
      if (edits[at].sign != '-') ++new_count;
    }
  };
  for (;;) {
    const auto change = std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(at), edits.end(), is_change);
    if (change == edits.end()) break;
    const auto first_change = static_cast<std::size_t>(change - edits.begin());
    const std::size_t first = std::max(at, first_change - std::min(first_change, kContext));
    // The part goes on as long as two changes share their surroundings.
    std::size_t last = first_change;
    for (std::size_t i = first_change; i < edits.size() && i <= last + 2 * kContext + 1; ++i) {
      if (is_change(edits[i])) last = i;
    }
    const std::size_t end = std::min(last + 1 + kContext, edits.size());
    pass(first);
    const std::size_t old_first = old_count;
    const std::size_t new_first = new_count;
    pass(end);
    text += "@@ -" + range_text(old_first, old_count - old_first) + " +" +
            range_text(new_first, new_count - new_first) + " @@\n";
    for (std::size_t i = first; i < end; ++i) {
      text.append(1, edits[i].sign).append(edits[i].line);
      if (!edits[i].line.ends_with('\n')) text += "\n\\ No newline at end of file\n";
    }
  }
  return text;
}

}  // namespace duso::cli
