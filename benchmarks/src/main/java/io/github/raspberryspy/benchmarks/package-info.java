/**
 * Frame throughput and garbage, measured with JMH. {@code docs/performance.md} says how to run
 * them.
 */
package io.github.raspberryspy.benchmarks;
