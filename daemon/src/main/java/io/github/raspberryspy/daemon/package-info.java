/**
 * The program: commands, configuration, and the wiring of modules that do not know each other. The
 * only adapters between two modules are here.
 */
package io.github.raspberryspy.daemon;
