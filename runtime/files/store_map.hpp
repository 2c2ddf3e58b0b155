// Where /STORE/ keeps its files: texts under keys, shared by all scripts of the process.
//
// This is all that the file layer asks of a store. Each operation is atomic by itself.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace duso {

// What is kept under a key.
struct StoredFile {
  enum class Kind : std::uint8_t { kMissing, kText, kOther } kind = Kind::kMissing;  // kOther: a value that is no text
  std::shared_ptr<const std::string> text = nullptr;                                 // of kText
};

class StoreMap {
 public:
  virtual ~StoreMap() = default;
  virtual StoredFile get(std::string_view key) = 0;
  virtual void set(std::string_view key, std::string_view text) = 0;
  // Adds [text] to what is there, or makes it the text of a new key. False if the value there is no text.
  virtual bool append(std::string_view key, std::string_view text) = 0;
  // Nothing happens if there is no such key.
  virtual void remove(std::string_view key) = 0;
  // All keys that begin with [prefix], sorted in byte order.
  virtual std::vector<std::string> keys(std::string_view prefix) = 0;
};

// A store that lives and dies with the process.
class MemoryStore final : public StoreMap {
 public:
  StoredFile get(std::string_view key) override;
  void set(std::string_view key, std::string_view text) override;
  bool append(std::string_view key, std::string_view text) override;
  void remove(std::string_view key) override;
  std::vector<std::string> keys(std::string_view prefix) override;

 private:
  std::mutex mutex_;  // guards files_
  std::map<std::string, std::shared_ptr<const std::string>, std::less<>> files_;
};

}  // namespace duso
