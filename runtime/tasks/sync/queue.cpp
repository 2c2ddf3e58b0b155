#include "runtime/tasks/sync/queue.hpp"

namespace duso::tasks::sync {

// Somebody who waits with an item in hand, or with open hands.
class Queue::Party : public RemoteWaiter {
 public:
  Party(const Patience& patience, Queue& queue) : RemoteWaiter(patience, queue.mutex_), queue_(queue) {}

  Parcel parcel;
  bool is_refused = false;  // it was served because the queue closed

 protected:
  Queue& queue_;
};

class Queue::Putter final : public Party {
 public:
  using Party::Party;

 private:
  void given_up() override { parcel.clear(); }
};

class Queue::Getter final : public Party {
 public:
  using Party::Party;

 private:
  bool undo() override {
    queue_.restore(parcel, worker());
    return true;
  }
};

Queue::Outcome Queue::put(Parcel& parcel, const Patience& patience) {
  Putter putter(patience, *this);
  std::unique_lock lock(mutex_);
  if (is_closed_) return {.is_closed = true};
  if (!is_full() && putters_.empty()) {
    accept(parcel, patience.worker());
    return {};
  }
  if (!patience.may_wait) return {.wake = Wake::kTimeout};
  putter.parcel.splice(putter.parcel.end(), parcel);
  const Wake wake = putter.wait(lock, putters_, {"queue"});
  return {wake, putter.is_refused};
}

Queue::Outcome Queue::get(Parcel& parcel, const Patience& patience) {
  Getter getter(patience, *this);
  std::unique_lock lock(mutex_);
  if (!items_.empty()) {
    parcel.splice(parcel.end(), items_, items_.begin());
    admit_putters(patience.worker());
    return {};
  }
  if (is_closed_) return {.is_closed = true};
  const Wake wake = getter.wait(lock, getters_, {"queue"});
  parcel.splice(parcel.end(), getter.parcel);
  return {wake, getter.is_refused};
}

void Queue::give_back(Parcel& parcel, const Worker& here) {
  const std::lock_guard lock(mutex_);
  restore(parcel, here);
}

std::size_t Queue::size() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

bool Queue::is_closed() const {
  const std::lock_guard lock(mutex_);
  return is_closed_;
}

void Queue::close(const Worker& here) {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  refuse_all(getters_, here);
  refuse_all(putters_, here);
}

// A new item: for whoever waits for one, or for later.
void Queue::accept(Parcel& parcel, const Worker& here) {
  parcel.front().number = ++last_number_;
  restore(parcel, here);
}

void Queue::admit_putters(const Worker& here) {
  while (!is_full()) {
    auto* const putter = static_cast<Putter*>(RemoteWaiter::first(putters_));
    if (putter == nullptr) return;
    accept(putter->parcel, here);
    putter->serve(here);
  }
}

// The item in [parcel], if there is one, goes to the first getter, or to its place among those that are there.
void Queue::restore(Parcel& parcel, const Worker& here) {
  if (parcel.empty()) return;
  if (auto* const getter = static_cast<Getter*>(RemoteWaiter::first(getters_))) {
    getter->parcel.splice(getter->parcel.end(), parcel);
    getter->serve(here);
    return;
  }
  const std::uint64_t number = parcel.front().number;
  auto place = items_.end();
  if (!items_.empty() && items_.back().number > number) {
    place = items_.begin();
    while (place->number < number) ++place;
  }
  items_.splice(place, parcel);
}

void Queue::refuse_all(WaitList& line, const Worker& here) {
  while (auto* const party = static_cast<Party*>(RemoteWaiter::first(line))) {
    party->is_refused = true;
    party->serve(here);
  }
}

}  // namespace duso::tasks::sync
