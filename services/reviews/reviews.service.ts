import { collectFiles } from "../../mixins/media/collect-files.job.ts";
import { makeRenditions } from "../../mixins/media/render-image.task.ts";
import { defineService } from "../../mixins/service/define-service.ts";
import type { Job } from "../../mixins/service/jobs.ts";
import type { Task } from "../../mixins/tasks/task.ts";
import { taskHandlers } from "../../mixins/tasks/task-actions.ts";
import { createReview } from "./actions/create-review.action.ts";
import { decideReply, decideReview } from "./actions/decide.action.ts";
import { followUpReview } from "./actions/follow-up-review.action.ts";
import { getOwnReview } from "./actions/get-own-review.action.ts";
import { getReview } from "./actions/get-review.action.ts";
import { listModerated, listModeratedReplies, listReports } from "./actions/list-moderated.action.ts";
import { listOwnReviews } from "./actions/list-own-reviews.action.ts";
import { listPurchases } from "./actions/list-purchases.action.ts";
import { listReplies } from "./actions/list-replies.action.ts";
import { listReviewsOfMerchant } from "./actions/list-reviews-of-merchant.action.ts";
import { listReviewsOfProduct } from "./actions/list-reviews-of-product.action.ts";
import { addPicture, listPictures, removePicture } from "./actions/own-pictures.action.ts";
import { removeOwnReview } from "./actions/remove-own-review.action.ts";
import { removeReply } from "./actions/remove-reply.action.ts";
import { answerReview, createReply } from "./actions/reply.action.ts";
import { reportReply, reportReview } from "./actions/report.action.ts";
import { updateOwnReview } from "./actions/update-own-review.action.ts";
import { putVote, removeVote } from "./actions/vote.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { anonymiseAuthor } from "./events/account-deleted.event.ts";
import { moveGuestsPurchases } from "./events/guest-claimed.event.ts";
import { removeGuestsPurchases } from "./events/guest-deleted.event.ts";
import { recordBought } from "./events/orders-paid.event.ts";
import { recordReceived } from "./events/orders-received.event.ts";
import { moveLatePurchases } from "./jobs/move-guests-purchases.job.ts";
import { reviews } from "./reviews.contract.ts";
import type { ReviewsDependencies } from "./reviews.dependencies.ts";
import { reviewsDependencies } from "./reviews.dependencies.ts";

const jobs: readonly Job<ReviewsDependencies>[] = [collectFiles, moveLatePurchases];
const tasks: readonly Task<ReviewsDependencies>[] = [makeRenditions];

export default defineService(reviews, {
  migrations,
  invariants,
  dependencies: reviewsDependencies,
  actions: [
    listReviewsOfProduct,
    listReviewsOfMerchant,
    getReview,
    listReplies,
    createReview,
    listPurchases,
    listOwnReviews,
    getOwnReview,
    updateOwnReview,
    followUpReview,
    removeOwnReview,
    listPictures,
    addPicture,
    removePicture,
    putVote,
    removeVote,
    createReply,
    answerReview,
    removeReply,
    reportReview,
    reportReply,
    listModerated,
    decideReview,
    listModeratedReplies,
    decideReply,
    listReports,
    ...taskHandlers(reviews, "reviews"),
  ],
  consumers: [recordBought, recordReceived, anonymiseAuthor, moveGuestsPurchases, removeGuestsPurchases],
  jobs,
  tasks,
});
