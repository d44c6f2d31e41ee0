package helm

import (
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	autoscalingvalidation "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
)

// An API server of Kubernetes accepts the objects. This runs its own defaults and validation, which takes no server.
func TestObjects_Valid(t *testing.T) {
	eachCase(t, func(t *testing.T, _ values, objects []runtime.Object) {
		for _, object := range objects {
			if _, ok := object.(custom); ok {
				continue
			}
			// Defaults change the object; other tests look at what the chart renders.
			object = object.DeepCopyObject()
			legacyscheme.Scheme.Default(object)
			version := object.GetObjectKind().GroupVersionKind().GroupVersion()
			version.Version = runtime.APIVersionInternal
			internal, err := legacyscheme.Scheme.ConvertToVersion(object, version)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range validate(internal) {
				t.Errorf("%T: %v", object, problem)
			}
		}
	})
}

// validate returns what an API server has against the creation of an object.
func validate(object runtime.Object) field.ErrorList {
	template := func(p *core.PodTemplateSpec) corevalidation.PodValidationOptions {
		return podutil.GetValidationOptionsFromPodTemplate(p, nil)
	}
	switch o := object.(type) {
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(o, template(&o.Spec.Template))
	case *apps.DaemonSet:
		return appsvalidation.ValidateDaemonSet(o, template(&o.Spec.Template))
	case *batch.CronJob:
		return batchvalidation.ValidateCronJobCreate(o, template(&o.Spec.JobTemplate.Spec.Template))
	case *batch.Job:
		// The server adds the selector of a Job; this is the check of what is left.
		spec := batch.JobTemplateSpec{Spec: o.Spec}
		return batchvalidation.ValidateJobTemplateSpec(&spec, nil, field.NewPath("spec"), template(&o.Spec.Template))
	case *core.Pod:
		return corevalidation.ValidatePodCreate(o, podutil.GetValidationOptionsFromPodSpecAndMeta(&o.Spec, nil, &o.ObjectMeta, nil))
	case *core.ConfigMap:
		return corevalidation.ValidateConfigMap(o)
	case *core.Service:
		return corevalidation.ValidateServiceCreate(o)
	case *core.ServiceAccount:
		return corevalidation.ValidateServiceAccount(o)
	case *networking.NetworkPolicy:
		return networkingvalidation.ValidateNetworkPolicy(o, networkingvalidation.NetworkPolicyValidationOptions{})
	case *networking.Ingress:
		return networkingvalidation.ValidateIngressCreate(o)
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(o, policyvalidation.PodDisruptionBudgetValidationOptions{})
	case *autoscaling.HorizontalPodAutoscaler:
		return autoscalingvalidation.ValidateHorizontalPodAutoscaler(o, autoscalingvalidation.HorizontalPodAutoscalerSpecValidationOptions{})
	}
	return field.ErrorList{field.InternalError(nil, fmt.Errorf("no validation is known for %T", object))}
}
