// Decides which pointwise nodes run together. A chain may take in a node if no path leaves the chain and comes back.
#include <algorithm>

#include "plan/draft.h"

namespace hillock {
namespace {

class Fuser {
 public:
  Fuser(const Graph& graph, const PlanOptions& options) : graph_(graph) {
    mark_needed(options);
    const auto nodes = static_cast<std::size_t>(graph.size());
    result_.unit.assign(nodes, -1);
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (!result_.needed[index(id)] || !computes(id)) continue;
      result_.unit[index(id)] = static_cast<UnitId>(result_.members.size());
      result_.members.push_back({id});
    }
    if (options.fuse) {
      for (NodeId id = 0; id < graph.size(); ++id) {
        if (is_fusible(id)) absorb_producers(id);
      }
    }
    drop_constants_used_in_chains_only(options);
  }

  Fusion take() { return std::move(result_); }

 private:
  static std::size_t index(NodeId id) { return static_cast<std::size_t>(id); }

  bool computes(NodeId id) const {
    const Op& op = *graph_.node(id).op;
    return op.pointwise != nullptr || op.kernel != nullptr;
  }
  // Constants are repeated in each chain instead, so that they never connect chains.
  bool is_fusible(NodeId id) const {
    return result_.unit[index(id)] >= 0 && graph_.node(id).op->pointwise != nullptr && !graph_.node(id).inputs.empty();
  }

  void mark_needed(const PlanOptions& options) {
    result_.needed.assign(index(graph_.size()), false);
    for (Value value : options.outputs) result_.needed[index(value.node)] = true;
    if (options.update) {
      for (const StatePair& pair : graph_.states()) {
        if (pair.next) result_.needed[index(pair.next.node)] = true;
      }
    }
    for (NodeId id = graph_.size() - 1; id >= 0; --id) {
      if (!result_.needed[index(id)]) continue;
      for (Value value : graph_.node(id).inputs) result_.needed[index(value.node)] = true;
    }
  }

  void absorb_producers(NodeId id) {
    for (Value value : graph_.node(id).inputs) {
      const UnitId mine = result_.unit[index(id)];
      if (!is_fusible(value.node)) continue;
      const UnitId theirs = result_.unit[index(value.node)];
      if (mine == theirs || graph_.type(value).shape != graph_.type({id, 0}).shape ||
          graph_.type(value).dtype != graph_.type({id, 0}).dtype) {
        continue;
      }
      if (may_merge(mine, theirs)) merge(mine, theirs);
    }
  }

  // Calls visit(node, unit, direct) for the nodes whose results unit `u` reads. For a read through views the viewed
  // node is passed, with `direct` false.
  template <class Visit>
  void for_each_source(UnitId u, Visit visit) const {
    for (NodeId member : result_.members[static_cast<std::size_t>(u)]) {
      for (Value value : graph_.node(member).inputs) visit_source(value.node, true, visit);
    }
  }
  template <class Visit>
  void visit_source(NodeId id, bool direct, Visit visit) const {
    const Node& node = graph_.node(id);
    if (node.op->view != nullptr || node.op->concatenates) {
      for (Value value : node.inputs) visit_source(value.node, false, visit);
    } else if (result_.unit[index(id)] >= 0) {
      visit(id, result_.unit[index(id)], direct);
    }
  }

  bool may_merge(UnitId a, UnitId b) {
    if (members(a).size() + members(b).size() > PointwiseProgram::kMaxInstructions) return false;
    bool legal = true;
    std::vector<UnitId> frontier;
    for (UnitId u : {a, b}) {
      for_each_source(u, [&](NodeId id, UnitId from, bool direct) {
        if (from == a || from == b) {
          legal &= direct;  // through a view, an element of the chain is read at another position
        } else if (!is_nullary_pointwise(graph_.node(id))) {
          frontier.push_back(from);
        }
      });
    }
    if (operands_of_union(a, b) > PointwiseProgram::kMaxOperands) return false;
    return legal && !reaches(frontier, a, b);
  }

  std::size_t operands_of_union(UnitId a, UnitId b) const {
    std::vector<Value> outside;
    for (UnitId u : {a, b}) {
      for (NodeId member : members(u)) {
        for (Value value : graph_.node(member).inputs) {
          const UnitId from = result_.unit[index(value.node)];
          if (from != a && from != b && !is_nullary_pointwise(graph_.node(value.node))) outside.push_back(value);
        }
      }
    }
    std::ranges::sort(outside);
    return static_cast<std::size_t>(std::unique(outside.begin(), outside.end()) - outside.begin());
  }

  // Whether one of `frontier` depends, directly or indirectly, on a or b.
  bool reaches(std::vector<UnitId> frontier, UnitId a, UnitId b) const {
    std::vector<bool> seen(result_.members.size(), false);
    while (!frontier.empty()) {
      const UnitId u = frontier.back();
      frontier.pop_back();
      if (u == a || u == b) return true;
      if (seen[static_cast<std::size_t>(u)]) continue;
      seen[static_cast<std::size_t>(u)] = true;
      for_each_source(u, [&](NodeId, UnitId from, bool) { frontier.push_back(from); });
    }
    return false;
  }

  void merge(UnitId into, UnitId from) {
    auto& target = members(into);
    for (NodeId id : members(from)) {
      result_.unit[index(id)] = into;
      target.push_back(id);
    }
    members(from).clear();
    std::ranges::sort(target);
  }

  // A constant is a step of its own only if something other than a chain reads it.
  void drop_constants_used_in_chains_only(const PlanOptions& options) {
    std::vector<bool> own_step(index(graph_.size()), false);
    for (Value value : options.outputs) own_step[index(value.node)] = true;
    for (const StatePair& pair : graph_.states()) {
      if (options.update && pair.next) own_step[index(pair.next.node)] = true;
    }
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (!result_.needed[index(id)] || graph_.node(id).op->pointwise != nullptr) continue;
      for (Value value : graph_.node(id).inputs) own_step[index(value.node)] = true;
    }
    for (NodeId id = 0; id < graph_.size(); ++id) {
      UnitId& unit = result_.unit[index(id)];
      if (unit < 0 || !is_nullary_pointwise(graph_.node(id)) || own_step[index(id)]) continue;
      members(unit).clear();
      unit = -1;
    }
  }

  std::vector<NodeId>& members(UnitId u) { return result_.members[static_cast<std::size_t>(u)]; }
  const std::vector<NodeId>& members(UnitId u) const { return result_.members[static_cast<std::size_t>(u)]; }

  const Graph& graph_;
  Fusion result_;
};

}  // namespace

Fusion fuse(const Graph& graph, const PlanOptions& options) { return Fuser(graph, options).take(); }

}  // namespace hillock
