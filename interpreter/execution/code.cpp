#include "interpreter/execution/code.hpp"

#include "interpreter/execution/resolver.hpp"

namespace duso::execution {

namespace {

constexpr std::size_t kFirstArenaBlock = 4096;

}  // namespace

ProgramCode::ProgramCode(std::shared_ptr<const syntax::Program> tree)
    : ProgramCode(std::move(tree), std::make_shared<GlobalNames>()) {}

ProgramCode::ProgramCode(std::shared_ptr<const syntax::Program> tree, std::shared_ptr<GlobalNames> globals)
    : tree_(std::move(tree)),
      arena_(kFirstArenaBlock),
      globals_(std::move(globals)),
      scopes_(std::make_unique<ScopeTree>()) {}

ProgramCode::~ProgramCode() = default;

std::shared_ptr<ProgramCode> ProgramCode::find_included(const syntax::Program& tree, const Scope* scope) const {
  const auto found = included_.find({scope, tree.source().name()});
  return found != included_.end() && &found->second->tree() == &tree ? found->second : nullptr;
}

void ProgramCode::remember_included(const Scope* scope, std::shared_ptr<ProgramCode> code) {
  // Names that are made up as the program goes would fill the memory.
  if (included_.size() >= kMostIncluded) included_.clear();
  included_.insert_or_assign({scope, code->tree().source().name()}, std::move(code));
}

}  // namespace duso::execution
