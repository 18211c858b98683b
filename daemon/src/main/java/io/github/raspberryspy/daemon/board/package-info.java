/** How the board fares that a camera runs on: what its kernel says, and what is wrong with that. */
package io.github.raspberryspy.daemon.board;
