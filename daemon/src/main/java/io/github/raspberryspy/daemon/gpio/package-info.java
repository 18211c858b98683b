/**
 * The board's pins: sensors, lamps and buttons. Only what a configuration asks for is touched, and
 * without a board everything else works.
 */
package io.github.raspberryspy.daemon.gpio;
