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

}  // namespace duso::execution
