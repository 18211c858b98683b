/**
 * A program that breaks a master and its cameras on purpose, writes down what it saw, and says
 * whether that history kept what is promised. It needs the runnable program, and nothing of its
 * insides.
 */
package io.github.raspberryspy.daemon.chaos;
