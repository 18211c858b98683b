/** What is burnt into the picture before it is encoded: privacy masks, the time, a text. */
package io.github.raspberryspy.camera.overlay;
