/* point.c - see point.h. */
#include "point.h"

uint32_t point_take(struct slice *rest)
{
	const uint8_t *p = rest->bytes;
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t point = len == 1 ? p[0] : p[0] & (0x7fu >> len);

	for (size_t i = 1; i < len; i++)
		point = point << 6 | (p[i] & 0x3f);
	*rest = slice_of(p + len, rest->len - len);
	return point;
}

bool point_is_in(uint32_t point, const struct point_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

bool point_is_invisible(uint32_t point)
{
	static const struct point_range ranges[] = {
	    {0x00, 0x08},     {0x0a, 0x1f},     {0x7f, 0x9f},        {0xad, 0xad},
	    {0x34f, 0x34f},   {0x61c, 0x61c},   {0x115f, 0x1160},    {0x17b4, 0x17b5},
	    {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e},    {0x2060, 0x206f},
	    {0x2800, 0x2800}, {0x3164, 0x3164}, {0xe000, 0xf8ff},    {0xfeff, 0xfeff},
	    {0xffa0, 0xffa0}, {0xfff0, 0xffff}, {0xe0000, 0x10ffff},
	};

	return point_is_in(point, ranges, sizeof(ranges) / sizeof(*ranges));
}

bool point_is_blank(uint32_t point)
{
	static const struct point_range ranges[] = {
	    {0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
	    {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
	};

	return point_is_in(point, ranges, sizeof(ranges) / sizeof(*ranges));
}
