/** A master that holds very many segments. */
package io.github.raspberryspy.benchmarks.store;
