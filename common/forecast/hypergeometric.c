/*
 * hypergeometric.c - 2F1(a, b; c; z) by its series, 0 <= z < 1.
 *
 * The quotient of two terms is z (1 + (a-c)/(c+n)) (1 + (b-1)/(1+n)); what it is at the most falls
 * with n.  Once that is less than 1, all that is left out is less than a geometric series of it, and
 * the sum ends when that is too small to show.
 */
#include <math.h>

#include "forecast.h"

enum { TERMS_MAX = 1 << 20 };

/* The most that this quotient or a later one is; INFINITY while c + n may still change its sign. */
static double quotient_bound(double a, double b, double c, double z, double n)
{
	if (c + n <= 0)
		return INFINITY;
	return z * (1 + fabs(a - c) / (c + n)) * (1 + fabs(b - 1) / (1 + n));
}

double forecast_hypergeometric(double a, double b, double c, double z)
{
	double sum = 1, term = 1;

	for (int n = 0; n < TERMS_MAX && term != 0; n++) {
		double bound = quotient_bound(a, b, c, z, n);

		if (bound < 1 && fabs(term) * bound < 1e-16 * (1 - bound) * fabs(sum))
			break;
		term *= (a + n) * (b + n) / ((c + n) * (1 + n)) * z;
		sum += term;
	}
	return sum;
}
