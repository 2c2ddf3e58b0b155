// Small heaps on shared chunks: who owns a block, what a walk over a heap finds, and where the memory goes.
#include "runtime/memory/parcels.hpp"

#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "runtime/memory/sanitizers.hpp"
#include "tests/unit/memory/test_objects.hpp"

#if !DUSO_ADDRESS_SANITIZER  // there every block is an allocation of its own

namespace {

using namespace duso::memory;
using namespace duso::memory::test;

// A heap with the objects it should have.
struct Tenant {
  Heap heap;
  std::set<HeapObject*> objects;

  void grow() {
    HeapObject* const object = new_leaf(heap);
    objects.insert(object);
  }

  // Whether the heap has these objects, and whether they know it.
  bool is_consistent() {
    struct Visitor final : ReferenceVisitor {
      void visit(HeapObject* object) override { found.insert(object); }
      std::set<HeapObject*> found;
    } visitor;
    heap.for_each_object(visitor);
    const auto is_mine = [this](HeapObject* object) { return &Heap::of(object) == &heap; };
    return visitor.found == objects && std::ranges::all_of(objects, is_mine);
  }
};

std::size_t resident_kb() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word == "VmRSS:") {
      std::size_t kb = 0;
      status >> kb;
      return kb;
    }
  }
  return 0;
}

TEST_CASE("small heaps lie in one chunk, and every block knows its own", "[memory][parcels]") {
  start();
  Heap first;
  Heap second;
  const Leaf* one = new_leaf(first);
  const Leaf* two = new_leaf(second);
  CHECK(Chunk::of(one) == Chunk::of(two));
  CHECK(&Heap::of(one) == &first);
  CHECK(&Heap::of(two) == &second);
}

TEST_CASE("a heap that outgrows its parcels goes on in chunks of its own", "[memory][parcels]") {
  start();
  Tenant tenant;
  for (int i = 0; i < 20'000; ++i) tenant.grow();
  std::set<Chunk*> chunks;
  for (const HeapObject* object : tenant.objects) chunks.insert(Chunk::of(object));
  CHECK(chunks.size() >= 2);
  CHECK(tenant.is_consistent());
  HeapObject* const freed = *tenant.objects.begin();
  tenant.objects.erase(freed);
  release(freed);
  CHECK(tenant.is_consistent());
}

TEST_CASE("a block that is larger than a parcel gets a chunk at once", "[memory][parcels]") {
  start();
  Tenant tenant;
  void* const large = tenant.heap.allocate_buffer(4000);
  tenant.grow();
  CHECK(Chunk::of(large) == Chunk::of(*tenant.objects.begin()));
  CHECK(tenant.is_consistent());
  tenant.heap.free_buffer(large, 4000);
}

TEST_CASE("heaps that come and go at random keep apart", "[memory][parcels]") {
  start();
  for (const unsigned seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::vector<std::unique_ptr<Tenant>> tenants;
    std::size_t inconsistent = 0;
    for (int step = 0; step < 20'000; ++step) {
      const std::size_t who = tenants.empty() ? 0 : random() % tenants.size();
      switch (random() % 8) {
        case 0:
          tenants.push_back(std::make_unique<Tenant>());
          break;
        case 1:
          if (tenants.size() < 300 && random() % 4 != 0) break;
          if (!tenants.empty()) {
            inconsistent += tenants[who]->is_consistent() ? 0 : 1;
            std::swap(tenants[who], tenants.back());
            tenants.pop_back();
          }
          break;
        default:
          if (tenants.empty()) break;
          for (std::size_t n = random() % 40; n > 0; --n) tenants[who]->grow();
          break;
      }
    }
    for (const auto& tenant : tenants) inconsistent += tenant->is_consistent() ? 0 : 1;
    CHECK(inconsistent == 0);
    CHECK(tenants.size() > 100);
  }
}

#if !DUSO_THREAD_SANITIZER  // it has memory of its own for what is touched
TEST_CASE("ten thousand small heaps take a kilobyte each, and give it back", "[memory][parcels]") {
  start();
  constexpr std::size_t kHeaps = 10'000;
  std::vector<std::unique_ptr<Heap>> heaps(kHeaps);
  for (auto& heap : heaps) heap = std::make_unique<Heap>();
  const std::size_t before = resident_kb();
  for (auto& heap : heaps) new_node(*heap);
  CHECK(resident_kb() - before < kHeaps * 3 / 2);
  for (auto& heap : heaps) heap.reset();
  // A thread keeps sixteen chunks for its next heaps.
  CHECK(resident_kb() < before + 16 * 256 + 1024);
}
#endif

}  // namespace

#endif
