// Finds the IDX files of a data set in a directory, by the names that people give them.
#pragma once

#include <string>

namespace hillock {

// Paths; empty for a file that is not there.
struct IdxFiles {
  std::string train_images, train_labels, test_images, test_labels;
};

// Looks for train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k or test, each also with .gz, with
// "." for "-" (train-images.idx3-ubyte) and with a name before it (emnist-letters-train-images-idx3-ubyte): in the
// directory, else in its subdirectory "raw", else in its subdirectories and in their "raw" (MNIST/raw). Throws Error if
// there are several sets of files. Returns empty paths if there is none.
IdxFiles find_idx_files(const std::string& directory);

}  // namespace hillock
