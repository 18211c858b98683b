/**
 * The control link: the one connection that a camera keeps open to its master, from its side. It
 * carries heartbeats and motion up and commands down; the camera itself listens on no port.
 */
package io.github.raspberryspy.upload.control;
