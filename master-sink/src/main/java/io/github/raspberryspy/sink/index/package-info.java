/**
 * The index: one SQLite database that says which segments the master holds. It can be lost: the
 * files and their manifests are the truth, and the index is rebuilt from them.
 */
package io.github.raspberryspy.sink.index;
