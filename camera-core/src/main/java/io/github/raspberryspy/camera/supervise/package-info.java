/**
 * Notices that a camera has gone wrong though nothing says so: a picture that stands still, a lens
 * that is covered, a source or an encoder that has fallen silent.
 */
package io.github.raspberryspy.camera.supervise;
