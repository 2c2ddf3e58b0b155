// Marks that tell the allocation profile where a script is.
//
// A normal run has none of them: lowering puts them around statements, and around the expressions that make values,
// only for an engine that was asked to (Engine::mark_sites). A mark leads the profile of the running instance to its
// place, runs what it stands for, and leads it back.
#pragma once

#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/node.hpp"
#include "runtime/memory/allocation_profile.hpp"

namespace duso::execution {

// Says that the script is at a place, as long as it exists.
class SiteScope {
 public:
  SiteScope(const Frame& frame, const memory::AllocationSite& site) : profile_(frame.instance->heap().profile()) {
    if (profile_ != nullptr) outer_ = profile_->exchange_site(&site);
  }
  SiteScope(const SiteScope&) = delete;
  SiteScope& operator=(const SiteScope&) = delete;
  ~SiteScope() {
    if (profile_ != nullptr) profile_->exchange_site(outer_);
  }

 private:
  memory::AllocationProfile* profile_;
  const memory::AllocationSite* outer_ = nullptr;
};

class MarkedStatement final : public Statement {
 public:
  MarkedStatement(const Statement* statement, memory::AllocationSite site) : statement_(statement), site_(site) {}
  Value exec(Frame& frame) const override {
    const SiteScope scope(frame, site_);
    return statement_->exec(frame);
  }

 private:
  const Statement* statement_;
  memory::AllocationSite site_;
};

class MarkedExpression final : public Expression {
 public:
  MarkedExpression(const Expression* expression, memory::AllocationSite site) : expression_(expression), site_(site) {}
  Value eval(Frame& frame) const override {
    const SiteScope scope(frame, site_);
    return expression_->eval(frame);
  }

 private:
  const Expression* expression_;
  memory::AllocationSite site_;
};

}  // namespace duso::execution
