import { presentModerated, presentModeratedReply, presentReport } from "../present.ts";
import { action } from "../reviews.dependencies.ts";

export const listModerated = action("reviews.moderation.list", async ({ params }, dependencies) => {
  const page = await dependencies.reviews.listInState(params.state, params);
  return { ...page, items: page.items.map((review) => presentModerated(review, dependencies)) };
});

export const listModeratedReplies = action("reviews.moderation.replies", async ({ params }, { replies }) => {
  const page = await replies.listInState(params.state, params);
  return { ...page, items: page.items.map(presentModeratedReply) };
});

export const listReports = action("reviews.reports.list", async ({ params }, { reports }) => {
  const page = await reports.list(params.subjectId, params);
  return { ...page, items: page.items.map(presentReport) };
});
