/**
 * The few functions of the C library that this project calls, bound directly by JNA: control calls
 * only, a handful a second, never one for each pixel or byte.
 */
package io.github.raspberryspy.natives.libc;
