"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from scanstraat.desk.review import acts_views, checks, page, queue, words

urlpatterns: list[URLPattern | URLResolver] = [
    path("review", queue.queue, name="queue"),
    path("review/counts", queue.counts, name="queue-counts"),
    path("review/next", queue.following, name="review-next"),
    path("review/done", page.done, name="review-done"),
    path("review/undo", acts_views.undo, name="review-undo"),
    path("review/<uuid:identifier>", page.review, name="review"),
    path("review/<uuid:identifier>/check", checks.check, name="check"),
    path("review/<uuid:identifier>/words", words.words, name="words"),
    path("review/<uuid:identifier>/ahead", page.ahead, name="review-ahead"),
    path("review/<uuid:identifier>/renew", page.renew, name="review-renew"),
    path("review/<uuid:identifier>/hand-back", page.hand_back, name="review-hand-back"),
    path("review/<uuid:identifier>/skip", page.skip, name="review-skip"),
    path("review/<uuid:identifier>/take", page.take, name="review-take"),
    path("review/<uuid:identifier>/accept", acts_views.accept, name="review-accept"),
    path("review/<uuid:identifier>/archive", acts_views.archive, name="review-archive"),
    path("review/<uuid:identifier>/discard", acts_views.discard, name="review-discard"),
    path("review/<uuid:identifier>/reject", acts_views.reject, name="review-reject"),
    path("review/<uuid:identifier>/kind", acts_views.kind, name="review-kind"),
    path("review/<uuid:identifier>/split", acts_views.split, name="review-split"),
    path("review/<uuid:identifier>/merge", acts_views.merge, name="review-merge"),
    path("review/<uuid:identifier>/reorder", acts_views.reorder, name="review-reorder"),
    path("review/<uuid:identifier>/turn", acts_views.turn, name="review-turn"),
    path("review/<uuid:identifier>/note", acts_views.note, name="review-note"),
    path("review/<uuid:identifier>/bring-back", acts_views.bring_back, name="review-bring-back"),
    path("review/<uuid:identifier>/replay", acts_views.replay, name="review-replay"),
]
