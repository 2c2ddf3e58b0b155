// "Did you mean ...?": finds the word that somebody meant to type.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace duso::cli {

// How many slips of the finger lie between [a] and [b]: bytes left out, added, replaced, or two neighbours swapped.
// (The optimal string alignment distance.)
std::size_t edit_distance(std::string_view a, std::string_view b);

// The one of [candidates] that is most similar to [word]; empty if none is similar enough to be what was meant: one
// slip in a word of up to four bytes, two in a longer one.
std::string_view most_similar(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace duso::cli
