// When the cycle collector runs by itself, and how it learns to leave a large live structure alone.
//
// A collection is due after a number of container allocations (the threshold) if there is any candidate, or as soon as
// the candidates fill their buffer. Its cost is what it visits, its gain what it frees. A script that keeps touching a
// big live structure would pay for a walk over all of it every time, in vain. So a round that frees less than a tenth
// of what it visited raises the threshold to the number of objects it visited, each further fruitless round doubles it
// up to the number of live containers, and the first fruitful round puts it back. The candidate buffer's limit grows
// along, or it would undo the whole rule. The cost per allocation stays constant that way, whatever the script does.
//
// Rules and numbers: memory-and-panics.md 3.
#pragma once

#include <algorithm>
#include <cstddef>

namespace duso::memory {

class CollectionSchedule {
 public:
  // [threshold]: container allocations between two automatic collections, at least.
  explicit CollectionSchedule(std::size_t threshold) noexcept { set_threshold(threshold); }

  // Starts over with another configured threshold; 0 counts as 1.
  void set_threshold(std::size_t threshold) noexcept {
    configured_ = threshold_ = std::max<std::size_t>(threshold, 1);
    last_was_fruitless_ = false;
  }

  // The threshold in force.
  std::size_t threshold() const noexcept { return threshold_; }

  // The number of candidates that makes a collection due whatever was allocated.
  std::size_t candidate_limit() const noexcept { return std::max(kCandidateLimit, threshold_); }

  // Whether a collection is due with [candidates] noted and [allocated] containers allocated since the last one.
  bool is_due(std::size_t candidates, std::size_t allocated) const noexcept {
    return (candidates != 0 && allocated >= threshold_) || candidates >= candidate_limit();
  }

  // Learns from a collection that visited and freed that many containers while [live] were left.
  void learn(std::size_t visited, std::size_t freed, std::size_t live) noexcept {
    if (visited == 0) return;  // all candidates had died: it cost nothing and says nothing
    const bool fruitless = freed * 10 < visited;
    if (fruitless) {
      const std::size_t doubled = last_was_fruitless_ ? std::min(2 * threshold_, live) : 0;
      threshold_ = std::max({configured_, visited, doubled});
    } else {
      threshold_ = configured_;
    }
    last_was_fruitless_ = fruitless;
  }

 private:
  static constexpr std::size_t kCandidateLimit = 10'000;

  std::size_t configured_ = 1;
  std::size_t threshold_ = 1;
  bool last_was_fruitless_ = false;
};

}  // namespace duso::memory
