"""What anybody may fetch about the service, and what staff ask about their rota and the directory."""

from django.urls import path

from triage import rota_views as views
from triage.directory import views as directory
from triage.dispatch import views as dispatch
from triage.duty import views as duty_views
from triage.escalation import review_views as reviews
from triage.escalation import views as pages
from triage.followup import views as followups
from triage.referral import views as referral_views
from triage.staffing import views as staffing
from triage.stories import views as stories
from triage.views import now

urlpatterns = [
    path("now.json", now),
    path("api/rota", views.read_rota),
    path("api/rota/plan", views.plan),
    path("api/rota/cancel", views.cancel),
    path("api/rota/sign-up", views.sign_up),
    path("api/rota/give-back", views.give_back),
    path("api/rota/ask-cover", views.ask_cover),
    path("api/rota/cover", views.cover),
    path("api/staffing", staffing.ask),
    path("api/duty", views.read_duty),
    path("api/duty/check-in", views.check_in),
    path("api/duty/pause", views.pause),
    path("api/duty/debrief", views.debrief),
    path("api/duty/resume", views.resume),
    path("api/duty/check-out", views.check_out),
    path("api/duty/page-seen", views.page_seen),
    path("api/duty/statement", duty_views.ask),
    path("api/duty/waiting", duty_views.waiting),
    path("api/duty/put-on", duty_views.put_on),
    path("directory/<slug:name>.bin", directory.directory_file),
    path("api/directory", directory.overview),
    path("api/directory/list", directory.listed),
    path("api/directory/service", directory.service),
    path("api/directory/save", directory.save),
    path("api/directory/assure", directory.assure),
    path("api/directory/called", directory.called),
    path("api/directory/draft", directory.draft),
    path("api/directory/publish", directory.publish),
    path("api/gate", views.read_gate),
    path("api/gate/sign", views.sign_gate),
    path("api/pages", pages.own),
    path("api/pages/add", pages.own_add),
    path("api/pages/remove", pages.own_remove),
    path("api/reviews", reviews.overview),
    path("api/reviews/one", reviews.one),
    path("api/reviews/learn", reviews.learn),
    path("api/follow-ups", followups.overview),
    path("api/follow-ups/asked", followups.asked),
    path("api/follow-ups/say", followups.say),
    path("api/follow-ups/hand", followups.hand),
    path("api/lead", pages.lead),
    path("api/lead/add", pages.lead_add),
    path("api/lead/remove", pages.lead_remove),
    path("api/coming", dispatch.coming),
    path("desks.json", referral_views.desks),
    path("api/referral", referral_views.exchange),
    path("api/desk", referral_views.listed),
    path("api/desk/read", referral_views.read),
    path("api/desk/act", referral_views.act),
    path("api/desk/key", referral_views.keep_key),
    path("api/desk/behalf", referral_views.behalf),
    path("api/desk/counts", referral_views.counts),
    path("stories.json", stories.stories),
    path("api/stories", stories.overview),
    path("api/stories/one", stories.read),
    path("api/stories/write", stories.write),
    path("api/stories/judge", stories.judge),
    path("api/stories/withdraw", stories.withdraw),
]
