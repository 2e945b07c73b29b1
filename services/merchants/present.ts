import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import { textsSnapshot } from "../../mixins/contract/texts.ts";
import type { ImagePresenter } from "../../mixins/media/present-image.ts";
import type { Invitation } from "./data/invitation-repository.ts";
import type { Followed } from "./data/follower-repository.ts";
import type { CurrentMember, Membership } from "./data/member-repository.ts";
import type { Merchant } from "./data/merchant-repository.ts";
import type { Terms } from "./data/terms-repository.ts";

/** A merchant, as everybody sees it. */
export function presentMerchant(merchant: Merchant, images: ImagePresenter): Result<"merchants.get"> {
  const { id, slug, name, description, status, logo, products, followers, rating } = merchant;
  return {
    id,
    slug,
    name,
    description,
    status,
    logo: logo && images.image(logo),
    products,
    followers,
    rating: { ...rating, stars: { ...rating.stars } },
    createdAt: toTimestamp(merchant.createdAt),
  };
}

/** A merchant, as its owners and the mall's staff see it. */
export function presentProfile(merchant: Merchant, images: ImagePresenter): Result<"merchants.profile"> {
  const { texts, reason, contact, legal, applicantId, version } = merchant;
  return {
    ...presentMerchant(merchant, images),
    texts,
    reason,
    contact,
    legal,
    applicantId,
    version,
    updatedAt: toTimestamp(merchant.updatedAt),
  };
}

export function presentMember(member: CurrentMember): Result<"merchants.members.update"> {
  const { userId, email, role, version, joinedAt } = member;
  return { userId, email, role, version, joinedAt: toTimestamp(joinedAt) };
}

export function presentMembership(membership: Membership): Result<"merchants.my-invitations.accept"> {
  const { merchantId: id, slug, name, status, role, joinedAt } = membership;
  return { merchant: { id, slug, name, status }, role, joinedAt: toTimestamp(joinedAt) };
}

export function presentInvitation(invitation: Invitation): Result<"merchants.members.invite"> {
  const { id, merchantId, email, role, createdAt, expiresAt } = invitation;
  return {
    id,
    merchantId,
    email,
    role,
    createdAt: toTimestamp(createdAt),
    expiresAt: toTimestamp(expiresAt),
  };
}

export function presentTerms(merchant: Merchant, terms: readonly Terms[]): Result<"merchants.terms.get"> {
  return {
    merchantId: merchant.id,
    version: merchant.termsVersion,
    items: terms.map(({ version, validFrom, basisPoints, categories, createdAt }) => ({
      version,
      validFrom: toTimestamp(validFrom),
      basisPoints,
      categories: [...categories],
      createdAt: toTimestamp(createdAt),
    })),
  };
}

export function presentFollowed(
  followed: Followed,
  images: ImagePresenter,
): Result<"merchants.followed.add"> {
  const { merchantId, slug, name, status, logo, followedAt } = followed;
  return {
    merchantId,
    slug,
    name,
    status,
    logo: logo && images.summary(logo),
    followedAt: toTimestamp(followedAt),
  };
}

/** What the event `merchants.changed` tells of a merchant. */
export function merchantState({ slug, name, status }: Merchant) {
  return { slug, name, status };
}

/** What the event `merchants.profile-changed` compares. */
export function profileSnapshot({ description, texts, contact, legal }: Merchant) {
  return { description, ...textsSnapshot(texts), contact, legal };
}
