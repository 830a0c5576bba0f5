/* whatif_order.h - who comes first: the most different people, and the worst lives. */
#ifndef NURTURE_NURTURECTL_WHATIF_WHATIF_ORDER_H
#define NURTURE_NURTURECTL_WHATIF_WHATIF_ORDER_H

#include "whatif_internal.h"

/* Puts a person among all, who are in order by how different their two lives are, then by id. */
int whatif_order_person(struct whatif *whatif, const struct whatif_person *person, struct err *err);
/* Takes the first of them into whatif->people. */
int whatif_take_people(struct whatif *whatif, struct err *err);

/* Keeps a person who is among the worst of a kind so far. */
void whatif_keep_worst(struct whatif *whatif, const struct whatif_person *person);
/* Chooses the worst of each kind, and no person twice under one policy. */
void whatif_choose_worst(struct whatif *whatif);

#endif
