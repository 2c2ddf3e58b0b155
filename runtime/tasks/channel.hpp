// Channels: values from one task of an instance to another (tasks.md 7).
//
// A channel has room for a number of values, often none. Receivers wait only while it is empty, senders only while it
// is full, so at most one of the two lists has anybody in it. A value goes straight to the receiver that has waited
// longest; when a place becomes free, the value of the first sender that waits takes it, and the sender goes on. So
// values arrive in the order in which they were sent.
//
// The values lie in an array of the script's heap: they count against its limit, and the collector sees them.
#pragma once

#include <cstddef>
#include <optional>

#include "interpreter/execution/builtin.hpp"
#include "runtime/memory/heap.hpp"
#include "runtime/tasks/timer_queue.hpp"
#include "runtime/tasks/wait_list.hpp"

namespace duso::tasks {

class ScriptInstance;

class Channel {
 public:
  // A channel for [capacity] values. May throw what an allocation throws.
  Channel(ScriptInstance& instance, std::size_t capacity);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Sends [value] (borrowed), waiting for room until [deadline]. True, or an error is pending: `channel is closed`,
  // `timeout exceeded`.
  bool send(const execution::Call& call, Value value, Instant deadline);
  struct Received {
    Value value;           // owned by whoever asked; or Value::raise()
    bool is_there = true;  // not so: nil stands for a value that did not come
  };
  // The next value; waits for it until [deadline]. There is none when the channel is closed and empty, or the time is
  // over.
  Received receive(const execution::Call& call, Instant deadline);

  // The same without waiting: false when there is no room, or the channel is closed; nothing when there is no value.
  bool try_send(Value value);
  std::optional<Value> try_receive();

  // No more values are accepted; those that are there can still be received. Whoever waits is told.
  void close();

  bool is_closed() const { return is_closed_; }
  std::size_t size() const;
  std::size_t capacity() const { return capacity_; }
  // Where a receiver waits that waits for other things besides: it is served with a value, or just woken when the
  // channel is closed.
  WaitList& receivers() { return receivers_; }

  // For the collector.
  void trace(memory::ReferenceVisitor& visitor) { visitor.visit(values_.get().heap_object()); }

 private:
  ScriptInstance& instance_;
  Owned values_;  // an array
  const std::size_t capacity_;
  bool is_closed_ = false;
  WaitList senders_;
  WaitList receivers_;
};

}  // namespace duso::tasks
