// From a table to a trained network with an honest account of it, in one call: what `hillock train` does.
//
//   TableResult result = train_table("patients.csv", {.target = "outcome"});
//   save_model("patients.safetensors", result.model);
//
// The same data and options give the same bits, whatever the threads. Nothing is printed; what a user should know is in
// `notes` (decisions) and `warnings` (what looks wrong). All functions may be called from several threads at once, each
// with its own objects. Wrong options and data are an Error before the first step; its message calls options as the
// program does: --label-smoothing is TableOptions::label_smoothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hillock/audit.h"
#include "hillock/columns.h"
#include "hillock/data.h"
#include "hillock/diagnosis.h"
#include "hillock/metrics.h"
#include "hillock/model.h"
#include "hillock/network.h"
#include "hillock/tensor.h"
#include "hillock/train.h"

namespace hillock {

// --- options ---

// Rows that are not trained on: a fraction of the rows, from 0 to below 1, or the path of a file with rows of its own.
using HeldOut = std::variant<double, std::string>;

// Each field is the option of that name of `hillock train` (`hillock help train`), with _ for -. What is left out is
// chosen by the recipe (hillock/recipe.h).
struct TableOptions {
  // How a file is read; ReadOptions says more. A Dataset, which is read already, takes none of these but `dtype` and
  // `na`, which its model keeps for the files that it will predict.
  // The column to predict: its name, "last", or its number from 1; several, all of numbers: "height,weight". Tables
  // need it.
  std::string target{};
  std::optional<Task> task{};  // unset: by what the target holds
  std::optional<bool> header{};
  std::optional<char> delimiter{};
  char decimal = '.';
  std::string comment{}, encoding{};
  std::optional<std::vector<std::string>> na{};  // cells that count as missing
  std::vector<std::string> drop{}, numeric{}, categorical{};
  Missing missing = Missing::impute;
  std::string weights{};        // a column that says how much each row counts
  std::string group{}, time{};  // columns to split by, one of them at most
  DType dtype = DType::f32;     // of the network: f32 or f64

  // Which rows are set aside: to choose the best epoch, and to be judged by; unset, 0.15 each where there are at least
  // kMinRowsToSplit rows.
  std::optional<HeldOut> validation{}, test{};
  std::int64_t folds = 0;  // cross-validate with so many networks before; 0: none, else at least 2

  // What becomes of columns.
  std::optional<Scale> scale{};               // unset: what suits the data (Dataset::scale)
  std::optional<std::int64_t> embed_above{};  // columns with more categories are embedded

  // The network, in the words of `--net`, and its first parameters.
  std::optional<std::string> net{};           // hidden layers: "64, 32", NetworkSpec::parse; "" for none
  std::optional<std::string> activation{};    // of all hidden layers
  std::optional<std::string> init{};          // a model or safetensors file whose parameters it begins with
  std::shared_ptr<const Model> init_model{};  // the same with a model in memory; one of the two at most
  std::optional<std::string> init_weights{}, init_bias{};  // nn::initializer_from_name

  // Training.
  std::optional<std::string> loss{};           // nn::named_loss: "mse", "huber 0.5", …
  std::optional<double> label_smoothing{};     // for cross-entropy: from 0 to below 1
  std::optional<std::string> class_weights{};  // "balanced" or "yes=2,no=1"
  std::optional<std::string> optimizer{};      // optimizer_from_name
  std::optional<double> lr{};                  // the learning rate, above 0
  bool auto_lr = false;                        // --lr auto: find_rate decides; `lr` is left out
  std::optional<double> momentum{};            // for momentum and nesterov: from 0 to below 1
  double weight_decay = 0;                     // ≥ 0
  double clip_norm = 0;                        // gradients that are longer are shortened to it; 0: none is
  std::optional<std::string> schedule{};       // schedule_from_name
  double warmup = 0;                           // the fraction of the run in which the rate rises from 0: from 0 to 1
  std::optional<std::int64_t> batch{};         // rows in a step; 0: all
  std::optional<std::int64_t> epochs{};        // at most, from 1
  std::optional<std::int64_t> patience{};      // stop after so many without a lower validation loss; 0: never
  std::optional<double> target_loss{};         // stop when an epoch's training loss is at most this
  bool shuffle = true;                         // a new order of rows in every epoch
  std::int64_t restarts = 0;                   // begin again so often while target_loss is not reached
  std::string command{};                       // how a program was called, for the record that the model keeps
  std::uint64_t seed = 0;                      // decides the split, the first parameters and the order of rows
  int threads = 0;                             // at most so many; 0: as many as the machine has
};

// What a job does besides training.
enum class TableStage : std::uint8_t {
  preparation,  // the rows are read: they are split, looked at and encoded, and with auto_lr a rate is sought
  scores,       // the network is judged
  baselines,    // a linear model is trained
};

// Who is told while it trains, in the thread that trains, and may stop it. Each may be empty.
struct TrainingListener {
  // A run of `network`, which stays where it is until the run's last epoch has been reported; restart 0 is the first.
  std::function<void(const Network& network, std::int64_t restart)> on_begin{};
  std::function<void(const StepReport& report)> on_step{};  // cheap ones only
  std::function<void(const EpochReport& report)> on_epoch{};
  // A run has ended; `best`: its weights are the ones to keep so far.
  std::function<void(const TrainResult& result, bool best)> on_end{};
  // All runs have ended, and these are the weights that are kept. Scores and baselines come after it.
  std::function<void(const Network& network, const TrainResult& result)> on_finish{};
  std::function<void(TableStage stage)> on_stage{};  // it begins
  // When it becomes true training stops after the step it is in; what was learnt is kept. May be nullptr.
  const std::atomic<bool>* interrupt = nullptr;

  bool interrupted() const { return interrupt != nullptr && interrupt->load(); }
};

// --- results ---

// Metrics of each split.
struct Scores {
  std::optional<Metrics> train{}, validation{}, test{};

  // What a reader should look at: the test rows, else the validation rows, else the training rows.
  const Metrics& best() const { return test ? *test : validation ? *validation : *train; }
  const char* best_name() const { return test ? "test" : validation ? "validation" : "train"; }
};

// What a network has to beat: a constant and a linear model of the same data, judged the same way.
struct Baselines {
  Scores constant;                 // the mean of the training targets, or how often each class occurs
  std::optional<Scores> linear{};  // nothing if it did not come to an end
  bool interrupted = false;        // that is because TrainingListener::interrupt became true
  // The network against the linear model on test rows, or validation rows where there are none. Nothing without either,
  // or if the network has no hidden layers.
  std::optional<Comparison> comparison{};
};

// "better", "worse" or, where the interval holds 0, "no better": what the comparison says of ours.
std::string_view verdict_of(const Comparison& comparison);

// What each fold's network and linear model reach on the fold's rows, which their training did not see.
struct FoldScores {
  std::vector<Metrics> network{}, linear{};

  // Without one the linear model did not come to an end in every fold.
  bool has_linear() const { return linear.size() == network.size(); }
};

// One metric over the folds.
struct FoldFigure {
  std::string_view name;  // "rmse", "accuracy", …
  std::vector<double> values{};
  double mean = 0;
  double spread = 0;  // the standard deviation, with n − 1
};
// rmse, mae and r2, or accuracy, log_loss and, where every fold has one, auc.
std::vector<FoldFigure> fold_figures(const std::vector<Metrics>& folds, Task task);

// TableChoices::init for TableOptions::init_model.
inline constexpr std::string_view kModelInMemory = "a model in memory";

// What was chosen, in the options' words, beyond what TrainOptions and Model say.
struct TableChoices {
  std::string optimizer;
  std::string schedule;
  std::optional<RateTest> rate_test{};  // by auto_lr
  double momentum = 0;
  double weight_decay = 0;
  std::string initializers;        // "" unless the options name one
  std::string init;                // the file that the parameters came from, kModelInMemory, or "" if none
  std::string class_weights;       // as they were given; "" if none
  std::vector<double> by_class{};  // the same as numbers
};

struct TableResult {
  Model model;           // the best network; `training` is a record of all this, as JSON (docs/model-format.md)
  TrainResult training;  // how the run ended whose weights are kept; save_model refuses weights that are not finite
  std::int64_t restarts = 0;
  double seconds = 0;  // of training, all restarts together
  Scores scores;
  std::optional<Baselines> baselines{};  // nothing after an interruption or a loss that is not finite
  std::optional<FoldScores> folds{};     // with TableOptions::folds; fewer of them after an interruption
  TableChoices choices;
  std::vector<ColumnAccount> columns{};  // what became of each column of the data, in their order
  std::vector<std::string> notes{};      // decisions about the data worth telling, one sentence each
  // Of audit_table; and dead-units, saturated-units, validation-loss-rose: what training left behind.
  std::vector<Warning> warnings{};
  // For data of kSmallTableRows or fewer: the training rows as they were read, and what is predicted for them.
  std::optional<Dataset> small_table{};
  std::optional<Tensor> small_table_predictions{};
};
inline constexpr std::int64_t kSmallTableRows = 10;

// --- the job ---

// Reads `data` (load_data: a path, "-" or the name of a built-in set), sets rows aside, chooses what the options leave
// out, cross-validates where they ask for it, trains, judges by rows that chose nothing, and compares with baselines.
// Throws Error for everything that is wrong with the options or the data.
TableResult train_table(const std::string& data, const TableOptions& options = {},
                        const TrainingListener& listener = {});
// The same for rows in memory, which are moved, not copied; with splits for rows that are split already. A row's
// categories, groups, times and weights are those of the datasets. Names that are left empty get "c1", "c2", … for
// columns, "target" (of several "target1", "target2", …), and "0", "1", … for classes; all else is as load_data gives
// it.
TableResult train_table(Dataset data, const TableOptions& options = {}, const TrainingListener& listener = {});
TableResult train_table(TableSplits data, const TableOptions& options = {}, const TrainingListener& listener = {});

// The same in steps, for a caller who tells what was chosen before training begins. Movable.
class TableJob {
 public:
  // Everything that can be wrong is found here: reads, splits, chooses, audits. Of `listener` only on_stage is called.
  // Throws Error.
  explicit TableJob(const std::string& data, const TableOptions& options = {}, const TrainingListener& listener = {});
  explicit TableJob(Dataset data, const TableOptions& options = {}, const TrainingListener& listener = {});
  explicit TableJob(TableSplits data, const TableOptions& options = {}, const TrainingListener& listener = {});
  TableJob(TableJob&&) noexcept;
  TableJob& operator=(TableJob&&) noexcept;
  ~TableJob();

  // With the first parameters. While train() runs its network is elsewhere; afterwards the model is in the result.
  const Model& model() const;
  // What the data are called (Dataset::name).
  const std::string& data_name() const;
  // The rows as the network takes them.
  const PreparedSplits& splits() const;
  const TrainOptions& training() const;
  const TableChoices& choices() const;
  const std::vector<ColumnAccount>& columns() const;
  const std::vector<std::string>& notes() const;
  const std::vector<Warning>& warnings() const;

  // With TableOptions::folds: trains a network for each fold, tested on its rows; else gives nothing. An interruption
  // ends it with fewer scores.
  std::optional<FoldScores> cross_validate(const TrainingListener& listener = {}) const;
  // Once. The result has no folds.
  TableResult train(const TrainingListener& listener = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// --- its pieces ---

// How a file is read with these options.
ReadOptions read_options(const TableOptions& options);

// The model that training on all of `train` begins with: network, loss, encoding and scaling learnt from the rows,
// parameters by the seed. options.init and init_model are left out. Throws Error.
Model untrained_model(const TableOptions& options, const Dataset& train);

// TableOptions::class_weights as a weight for each of train's classes; a class that is not named has 1. Throws Error if
// it says nothing sensible or `train` has no classes.
std::vector<double> parse_class_weights(const std::string& text, const Dataset& train);

// What TableOptions::threads means: as many as the machine has for 0, and at most 256.
int thread_count(std::int64_t threads);

// The JSON object that stands in Model::training for these metrics: {"loss": …, "accuracy": …} or {"loss": …,
// "rmse": …}; null for what is not a number. Of several targets "targets" has the figures of each by its name, which
// `targets` tells.
std::string metrics_json(const Metrics& metrics, Task task, const std::vector<std::string>& classes,
                         const std::vector<std::string>& targets = {});

}  // namespace hillock
