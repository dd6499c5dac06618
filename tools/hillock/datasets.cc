// hillock datasets: lists the built-in data sets.
#include <fmt/format.h>

#include "arguments/arguments.h"
#include "commands.h"
#include "hillock/data.h"
#include "print/output.h"

namespace hillock::program {
namespace {

int list_datasets() {
  print_to(stdout, "{:<8} {:>6} {:>8} {:>8}  {:<9} {}\n", "name", "rows", "columns", "classes", "scale", "what");
  for (const BuiltinInfo& info : builtin_datasets()) {
    const std::string classes = info.task == Task::classification ? fmt::to_string(info.classes) : "-";
    print_to(stdout, "{:<8} {:>6} {:>8} {:>8}  {:<9} {}\n", info.name, info.rows, info.columns, classes,
             name_of(info.scale), info.about);
  }
  print_to(stdout, "\n");
  for (const BuiltinInfo& info : builtin_datasets())
    print_to(stdout, "{:<8} {}; {}\n", info.name, info.source, info.licence);
  return kDone;
}

}  // namespace

void add_datasets(CLI::App& app, Action& run) {
  Arguments options(app);
  options.examples("Examples:\n  hillock datasets\n  hillock train iris");
  options.when_called([&run] { run = [](const std::string&) { return list_datasets(); }; });
}

}  // namespace hillock::program
