/**
 * Motion in recorded video: which files belong together, one pass over them with one detector or
 * several, and what is made of it: tables, clips, and pictures of how it was told.
 */
package io.github.raspberryspy.daemon.analyze;
