// Queue: items from some instances to others, first in, first out.
//
// Getters wait only while the queue is empty, putters only while it is full, so at most one of the two lines has
// anybody in it. An item goes straight to the getter that has waited longest; a putter's item enters the queue when
// there is room, and the putter with it. An item whose getter was cancelled before it could take it comes back to its
// old place: items are numbered for that. The queue may then have one more than its size for a moment.
//
// Items are list nodes and change hands as such: handing one over and giving it back needs no memory, so neither fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

#include "runtime/frozen_value.hpp"
#include "runtime/tasks/sync/remote_waiter.hpp"
#include "runtime/tasks/sync/sync_object.hpp"

namespace duso::tasks::sync {

class Queue final : public SyncObject {
 public:
  static constexpr Kind kKind = Kind::kQueue;

  struct Item {
    FrozenValue value;
    std::uint64_t number = 0;
  };
  // At most one item, on its way in or out.
  using Parcel = std::list<Item>;

  struct Outcome {
    Wake wake = Wake::kReady;  // kReady: the item was put, or is there
    bool is_closed = false;    // nothing was put or is there, and never will: the queue is closed
  };

  // [size]: how many items it holds before put() waits; 0: any number.
  Queue(std::string name, std::size_t size) : SyncObject(std::move(name)), size_limit_(size) {}

  // Puts the item in [parcel], which is empty afterwards if that succeeded.
  Outcome put(Parcel& parcel, const Patience& patience);
  // Takes the first item into [parcel], which is empty. Whoever can not use it gives it back.
  Outcome get(Parcel& parcel, const Patience& patience);
  // Brings back what get() took. Must not fail.
  void give_back(Parcel& parcel, const Worker& here);

  std::size_t size() const;
  // No more items are accepted; those that are there can still be taken. Whoever waits is told.
  void close(const Worker& here);
  bool is_closed() const;

 private:
  class Party;
  class Putter;
  class Getter;

  bool is_full() const { return size_limit_ != 0 && items_.size() >= size_limit_; }
  void accept(Parcel& parcel, const Worker& here);
  void admit_putters(const Worker& here);
  void restore(Parcel& parcel, const Worker& here);
  static void refuse_all(WaitList& line, const Worker& here);

  const std::size_t size_limit_;
  Parcel items_;
  std::uint64_t last_number_ = 0;
  WaitList putters_;
  WaitList getters_;
  bool is_closed_ = false;
};

}  // namespace duso::tasks::sync
