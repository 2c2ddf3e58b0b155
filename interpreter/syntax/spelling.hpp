// "Did you mean ...?": finds the word that somebody meant to type.
//
// Commands, documentation topics, variables and named arguments are all misspelled in the same few ways, so all who
// answer with a suggestion ask here, and none suggests what another would find too far away.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/syntax/source.hpp"

namespace duso::syntax {

// How many slips of the finger lie between [a] and [b]: bytes left out, added, replaced, or two neighbours swapped.
// (The optimal string alignment distance.)
std::size_t edit_distance(std::string_view a, std::string_view b);

// The one of [candidates] that is most similar to [word]; empty if none is similar enough to be what was meant: one
// slip in a word of up to four bytes, two in a longer one, none in a single byte, which is nothing without it.
std::string_view most_similar(std::string_view word, std::span<const std::string_view> candidates);

// The names that [source] gives something to, in the order of their first appearance and as it spells them: variables,
// functions, parameters, keys of object literals, named arguments. Read off the tokens, so broken sources have some
// too.
std::vector<std::string> names_given_in(const Source& source);

}  // namespace duso::syntax
