// A walk over a tree, for passes that are interested in a few of its constructs only.
//
// A pass derives from TreeWalk and overrides what it wants to see. Whoever overrides a `visit` decides whether and when
// to go on to the parts of a node, with `visit_parts`; everything else is visited in source order.
#pragma once

#include "interpreter/syntax/ast.hpp"

namespace duso::syntax {

class TreeWalk {
 public:
  TreeWalk() = default;
  TreeWalk(const TreeWalk&) = delete;
  TreeWalk& operator=(const TreeWalk&) = delete;
  virtual ~TreeWalk() = default;

  virtual void visit(const Expression& e) { visit_parts(e); }
  virtual void visit(const Statement& s) { visit_parts(s); }
  virtual void visit(const Block& block) { visit_parts(block); }

  // A function, declared or not. Its parts are the defaults of its parameters and its body.
  virtual void visit(const FunctionDefinition& f) { visit_parts(f); }

 protected:
  void visit_parts(const Expression& e);
  void visit_parts(const Statement& s);
  void visit_parts(const Block& block);
  void visit_parts(const FunctionDefinition& f);
};

}  // namespace duso::syntax
