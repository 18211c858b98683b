/**
 * Sound beside the pictures: captured, kept in step with the clock, encoded, and handed to the
 * recorder. It is off by default, has a thread of its own, and never costs a picture.
 */
package io.github.raspberryspy.camera.audio;
